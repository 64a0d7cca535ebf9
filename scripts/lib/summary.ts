import * as fs from "node:fs";
import * as path from "node:path";
import { whereServicesAre } from "./locate";
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
  readonly forwarders: readonly { readonly name: string; readonly zone: string; readonly address: string }[];
  readonly namedConf?: string;
  /** Texts by server; routes, and commands for them by router. */
  readonly corporateDns: Readonly<Record<string, unknown>> & {
    readonly routeCommands: Readonly<Record<string, string>>;
  };
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
  const outputs = await stackOutputs(running);
  const { vpcId, services, forwarders } = outputs;
  const folder = writeCorporateFiles(running, outputs);
  const found = await whereServicesAre(running);
  const rows = Object.entries(services).map(([service, { address, name, active, candidates }]) => {
    const node = found[service] ?? active ?? "(on no single node)";
    return [service, name ?? address ?? "", node, candidates.join(", ")];
  });
  const table = aligned([["service", "reached at", "active node", "candidates"], ...rows]);
  const moved = Object.entries(services).filter(([name, { active }]) => found[name] !== active);
  const notes = moved.map(
    ([name, { active }]) =>
      `${name} is not where the stack's state says (${active ?? "on no single node"}): npm run pulumi -- refresh\n`,
  );
  const dns = aligned(forwarders.map(({ name, zone, address }) => [name, address, zone]));
  const first = Object.entries(services)[0];
  const standby = first?.[1].candidates.find((node) => node !== found[first[0]]) ?? "node2";
  const next = [
    [`npm run failover -- ${first?.[0] ?? "overlay"} ${standby}`, "move a service to its other node"],
    ["npm run pulumi -- preview --diff", "what the next update would change"],
    ['eval "$(npm run -s lab:env)"', "point pulumi, aws, boto3 … at this lab"],
    ["npm run lab:down", "remove everything"],
  ];
  return `\nThe lab is up: VPC ${vpcId} in the fake AWS at ${running.url}\n\n${table}\n${notes.join("")}\nThe corporate DNS forwards to (files for it: ${folder}):\n${dns}\n\nTry next:\n${aligned(next)}\n`;
}

const corporateFiles: Readonly<Record<string, string>> = {
  bind: "named.conf",
  unbound: "unbound.conf",
  dnsmasq: "dnsmasq.conf",
  windows: "windows-dns.ps1",
  resolvConf: "resolv.conf",
};

/** What the corporate side needs, as files to hand over. @returns their folder, as seen from the checkout */
function writeCorporateFiles({ lab }: RunningLab, { corporateDns, namedConf }: Outputs): string {
  const folder = path.join(lab.directory, "corporate");
  fs.mkdirSync(folder, { recursive: true });
  const write = (name: string, text: string): void => {
    fs.writeFileSync(path.join(folder, name), text);
  };
  for (const [key, name] of Object.entries(corporateFiles)) write(name, String(corporateDns[key]));
  for (const [router, commands] of Object.entries(corporateDns.routeCommands))
    write(`routes-${router}.txt`, commands);
  if (namedConf !== undefined) write("forwarder-named.conf", namedConf);
  return path.relative(lab.root, folder);
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_cell, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd())
    .join("\n");
}
