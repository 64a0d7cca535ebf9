import { runProgram } from "./processes";
import type { RunningLab } from "./running-lab";
import { UserError } from "./command";

export interface ServiceOutput {
  readonly address?: string;
  readonly name?: string;
  readonly active?: string;
  readonly candidates: readonly string[];
}

interface Outputs {
  readonly vpcId: string;
  readonly services: Readonly<Record<string, ServiceOutput>>;
}

export async function stackOutputs({ lab, env }: RunningLab): Promise<Outputs> {
  const { code, stdout, stderr } = await runProgram("pulumi", ["stack", "output", "--json"], {
    cwd: lab.root,
    env,
    output: "capture",
  });
  if (code !== 0) throw new UserError(`The stack's outputs could not be read:\n${stderr}`);
  return JSON.parse(stdout) as Outputs;
}

/** What the lab is, and what to try next. */
export async function summary(running: RunningLab): Promise<string> {
  const { vpcId, services } = await stackOutputs(running);
  const rows = Object.entries(services).map(([service, { address, name, active, candidates }]) => [
    service,
    name ?? address ?? "",
    active ?? "(on no single node)",
    candidates.join(", "),
  ]);
  const table = aligned([["service", "reached at", "active node", "candidates"], ...rows]);
  const first = Object.entries(services)[0];
  const standby = first?.[1].candidates.find((node) => node !== first[1].active) ?? "node2";
  const next = [
    [`npm run failover -- ${first?.[0] ?? "overlay"} ${standby}`, "move a service to its other node"],
    ["npm run pulumi -- preview --diff", "what the next update would change"],
    ['eval "$(npm run -s lab:env)"', "point pulumi, aws, boto3 … at this lab"],
    ["npm run lab:down", "remove everything"],
  ];
  return `\nThe lab is up: VPC ${vpcId} in the fake AWS at ${running.url}\n\n${table}\n\nTry next:\n${aligned(next)}\n`;
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_cell, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd())
    .join("\n");
}
