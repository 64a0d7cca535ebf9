import { AwsError } from "../gateway/errors";
import { ACCOUNT_ID } from "../admin/types";
import { evaluate } from "./evaluate";
import type { Principal } from "./principals";

/**
 * Whether a role's trust policy lets somebody assume it (IAM JSON policy elements, "Principal"). That his own policies do
 * is judged apart.
 * @throws AwsError for a `NotPrincipal`, which is not judged here
 */
export function trusts(document: unknown, role: string, principal: Principal): boolean {
  const { Version, Statement } = document as { Version?: string; Statement?: Trust | Trust[] };
  const statements = Array.isArray(Statement) ? Statement : Statement === undefined ? [] : [Statement];
  // Only what is about this principal is judged, as if it were a policy about the role.
  const own = statements.filter((one) => isAbout(one, principal)).map((one) => ({ ...one, Resource: role }));
  const question = {
    action: "sts:AssumeRole",
    resource: role,
    context: { "aws:PrincipalArn": arnOf(principal) },
  };
  return evaluate({ identity: [{ Version, Statement: own }], limits: [] }, question) === "Allowed";
}

interface Trust {
  readonly Principal?: "*" | Readonly<Record<string, string | readonly string[]>>;
  readonly NotPrincipal?: unknown;
}

/** A session's own ARN tells its name, too; policies mostly name the role. */
function arnOf(principal: Principal): string {
  return principal.kind === "role" ? principal.roleArn : principal.arn;
}

function isAbout({ Principal, NotPrincipal }: Trust, principal: Principal): boolean {
  if (NotPrincipal !== undefined)
    throw new AwsError("InternalError", "The offline cloud cannot judge NotPrincipal in a trust policy.");
  const named = Principal === "*" ? "*" : (Principal?.["AWS"] ?? []);
  const partition = principal.arn.split(":")[1] ?? "aws";
  const known = [
    "*",
    ACCOUNT_ID,
    `arn:${partition}:iam::${ACCOUNT_ID}:root`,
    principal.arn,
    arnOf(principal),
  ];
  return [named].flat().some((one) => known.includes(one));
}
