import { type Path, type Values } from "./values";

/** The thing exists, and what had to follow failed: the engine keeps id and state and shows the reasons. */
export class PartlyDone extends Error {
  /** Where the inputs were secret: the state is marked there before it is sent. */
  secrets: readonly Path[] = [];

  constructor(
    readonly id: string,
    readonly state: Values,
    readonly inputs: Values,
    readonly reasons: readonly string[],
  ) {
    super(reasons.join("; "));
    this.name = "PartlyDone";
  }
}

/** The error a cloud gave: `code` is what the cloud calls it ("InvalidVpcID.NotFound"). */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const code = (error as { Code?: unknown; code?: unknown }).Code ?? (error as { code?: unknown }).code;
  return typeof code === "string" ? code : error.name;
}

export function isOneOf(error: unknown, codes: readonly string[]): boolean {
  return codes.includes(errorCode(error)) || (error instanceof Error && codes.includes(error.name));
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export class Cancelled extends Error {
  constructor(doing: string) {
    super(
      `${doing}: cancelled. Run \`pulumi refresh\` before the next update, as the request may have been carried out.`,
    );
    this.name = "Cancelled";
  }
}
