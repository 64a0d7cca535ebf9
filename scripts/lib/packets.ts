/** The packet lab's part of commands: real hosts, routers and resolvers, driven by the fake AWS. */
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type CloudRecord, cloudStatus } from "../../test/cloud/daemon";
import type { FabricReport } from "../../test/cloud/fabric/control";
import { fabricControl, fabricServes, startFabric, stopFabric } from "../../test/cloud/fabric/daemon";
import { fabricPlace } from "../../test/cloud/fabric/names";
import type { CorporateSide } from "../../test/cloud/fabric/plan/corporate";
import { installMissing, obstacles, raiseLimits } from "../../test/cloud/fabric/requirements";
import { defaultLab, type Lab, labPaths } from "../../test/cloud/lab";
import { report, UserError } from "./command";
import { setStackConfig } from "./stack-config";

/** @throws UserError with what is missing, before anything is made */
export function checkPackets(): void {
  const found = obstacles();
  if (found.length > 0) throw new UserError(found.join("\n"));
  installMissing(report);
  raiseLimits(report);
}

/** Starts hosts and routers unless they run; hosts come and go with their instances from here on. */
export async function ensurePackets(lab: Lab, cloud: CloudRecord): Promise<void> {
  if (fabricServes(lab, cloud)) return;
  await stopFabric(lab.directory);
  report("Starting the fabric: hosts and routers will follow the fake AWS …");
  await startFabric(lab, cloud);
}

/** Without a link there is no corporate network to come from. */
export function ensureCorporateLink(lab: Lab): void {
  const file = labPaths(lab).stackConfig;
  if (/^\s*failover-lab:transitGateway:/m.test(fs.readFileSync(file, "utf8"))) return;
  setStackConfig(file, "transitGateway", "new");
  report(
    `The stack gets a link to the corporate network (transitGateway: new, in ${path.relative(lab.root, file)}).`,
  );
}

/** Tells the corporate network what the stack's output says, and nothing else. */
export async function tellCorporateNetwork(
  lab: Lab,
  corporateDns: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { corporate } = fabricPlace(lab.directory);
  const side: CorporateSide = {
    bind: String(corporateDns.bind),
    routes: Array.isArray(corporateDns.routes) ? corporateDns.routes.map(String) : [],
  };
  fs.writeFileSync(corporate, JSON.stringify(side, undefined, 2));
  await fabricControl(lab).corporateChanged();
}

/** How long all hosts may take, in seconds. */
const READY_S = 180;

/** Waits until every host is ready. @throws UserError with the console of one that fails to boot */
export async function untilHostsAreReady(lab: Lab): Promise<FabricReport> {
  const control = fabricControl(lab);
  const deadline = Date.now() + READY_S * 1000;
  let said = "";
  for (;;) {
    const found = await control.report();
    const failed = found.hosts.find(({ state }) => state === "failed");
    if (failed !== undefined) throw await failure(lab, failed.name, failed.reason);
    const booting = found.hosts.filter(({ state }) => state === "booting").map(({ name }) => name);
    if (booting.length === 0) return found;
    if (Date.now() > deadline) throw await failure(lab, booting[0] ?? "", `not ready after ${READY_S} s`);
    const text = `Hosts are booting: ${booting.join(", ")} …`;
    if (text !== said) report((said = text));
    await sleep(250);
  }
}

async function failure(lab: Lab, host: string, reason: string): Promise<UserError> {
  const text = await fabricControl(lab).console(host);
  const file = path.join(fabricPlace(lab.directory).consoles, `${host}.failed.log`);
  fs.writeFileSync(file, text);
  const end = text.trimEnd().split("\n").slice(-30).join("\n");
  return new UserError(`${host} did not boot: ${reason}. Its console, ${file}, ends with:\n${end}`);
}

/** For the summary: who is there. */
export function hostsSummary({ hosts }: FabricReport): string {
  const names = hosts.map(({ name }) => name).sort();
  return `
Hosts that run: ${names.join(", ")}
  npm run lab:shell -- client curl -s http://192.168.10.1:8080  ask a service, from the corporate network
  npm run lab:shell -- node1                                    a shell on a host
`;
}

/** The lab whose packets a command is about. @throws UserError if it has none */
export async function packetLab(): Promise<Lab> {
  const lab = defaultLab();
  const status = await cloudStatus(lab);
  if (status.state !== "running")
    throw new UserError("The lab is not running. Start it: npm run lab -- --packets");
  if (process.getuid?.() !== 0)
    throw new UserError("Hosts of the packet lab can be entered by root only: run this as root.");
  if (!fabricServes(lab, status.record))
    throw new UserError("This lab has no packets: npm run lab -- --packets adds hosts and routers to it.");
  return lab;
}
