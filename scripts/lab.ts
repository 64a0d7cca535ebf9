/** `npm run lab`: from a fresh clone to a running lab; run again, it changes nothing. */
import * as fs from "node:fs";
import * as path from "node:path";
import { cloudStatus, startCloudDaemon, stopCloudDaemon } from "../test/cloud/daemon";
import { defaultLab, type Lab, labPaths } from "../test/cloud/lab";
import { setUp, type SetUp } from "../test/cloud/setup";
import { fabricServes } from "../test/cloud/fabric/daemon";
import { command, type CommandLine, report, UserError } from "./lib/command";
import { claimState } from "./lib/locks";
import { takeBackWhenInterrupted } from "./lib/first-build";
import {
  checkPackets,
  ensureCorporateLink,
  ensurePackets,
  hostsSummary,
  tellCorporateNetwork,
  untilHostsAreReady,
} from "./lib/packets";
import { patience } from "./lib/patience";
import { adoptPending, isHalfBuilt } from "./lib/pending";
import { runProgram } from "./lib/processes";
import { disagreement, enter, keepSetUp, type RunningLab } from "./lib/running-lab";
import { checkStackConfig } from "./lib/stack-config";
import { stackState } from "./lib/state";
import { labTurn } from "./lib/lab-workspace";
import { stackOutputs, summary } from "./lib/summary";
import { takeTurn } from "./lib/turn";

const line: CommandLine = {
  name: "lab",
  description: "Builds the lab, from a fresh clone to a running stack; run again, it changes nothing.",
  examples: [
    ["npm run lab", "builds it, and says what is where and what to try"],
    [
      "npm run lab -- --packets",
      "the same with real hosts, routers, resolvers and clients, in network namespaces",
    ],
  ],
  define: (declared) =>
    declared.option("--packets", "run hosts, routers and the corporate network, too; needs root", false),
};

command<{ packets: boolean }>(line, async ({ packets }) => {
  if (packets) checkPackets();
  const lab = defaultLab();
  checkStackConfig(labPaths(lab).stackConfig);
  const bound = patience();
  const setup = await setUp(lab, report);
  const turn = await takeTurn(labTurn(lab), "lab", bound, report);
  try {
    const interrupted = await claimState(lab, bound, report);
    const { running, stands } = await ensureCloud(lab, setup);
    await ensureStack(running);
    const withPackets = await startPackets(lab, packets);
    report("Bringing the stack up to date …");
    const code = await update(running, interrupted);
    stands();
    if (code !== 0) throw new UserError("The stack could not be brought up to date, see above.", code);
    const text = await summary(running);
    process.stdout.write(withPackets ? `${text}${await packetsSummary(running)}` : text);
    return 0;
  } finally {
    turn.end();
  }
});

/** @returns whether the lab has packets: once it has them, it keeps them */
async function startPackets(lab: Lab, wanted: boolean): Promise<boolean> {
  const status = await cloudStatus(lab);
  if (status.state !== "running") return false;
  if (!wanted) return fabricServes(lab, status.record);
  ensureCorporateLink(lab);
  await ensurePackets(lab, status.record);
  return true;
}

/** Hosts boot while the stack is being built; the corporate network waits for what the stack says. */
async function packetsSummary(running: RunningLab): Promise<string> {
  const { corporateDns } = await stackOutputs(running);
  await tellCorporateNetwork(running.lab, corporateDns);
  return hostsSummary(await untilHostsAreReady(running.lab));
}

/** @returns `stands`, to be called when the stack has been built or its build has failed: the lab is there to stay then */
async function ensureCloud(lab: Lab, setup: SetUp): Promise<{ running: RunningLab; stands: () => void }> {
  keepSetUp(lab, setup);
  if (isHalfBuilt(lab)) await startAnew(lab);
  const status = await cloudStatus(lab);
  const wrong = disagreement(lab, status);
  if (wrong !== undefined) throw new UserError(wrong);
  if (status.state === "running") {
    // A kill right after the start of the cloud: nothing has been built in any other.
    if (stackState(lab).resources === 0) fs.writeFileSync(labPaths(lab).builtOn, status.record.cloudId);
    return { running: enter(lab, status.record.url), stands: () => undefined };
  }
  const stands = takeBackWhenInterrupted(lab);
  report("Starting the fake AWS …");
  const record = await startCloudDaemon(lab, setup.python.python);
  fs.writeFileSync(labPaths(lab).builtOn, record.cloudId);
  return { running: enter(lab, record.url), stands };
}

/** What was made then lives in the fake AWS alone, and nobody has used it yet. */
async function startAnew(lab: Lab): Promise<void> {
  report(
    "An earlier run was killed before the lab was complete: it is built anew, in a fake AWS of its own.",
  );
  await stopCloudDaemon(lab);
  const { state, builtOn } = labPaths(lab);
  for (const file of [path.join(state, ".pulumi"), builtOn])
    fs.rmSync(file, { recursive: true, force: true });
}

async function ensureStack({ lab, env }: RunningLab): Promise<void> {
  const paths = labPaths(lab);
  const settings = (): string =>
    fs.existsSync(paths.stackConfig) ? fs.readFileSync(paths.stackConfig, "utf8") : "";
  const isSet = (text: string): boolean => /^config:/m.test(text);
  if (!stackState(lab).exists) {
    if (isSet(settings()))
      report(`The lab gets the settings in ${path.relative(lab.root, paths.stackConfig)}.`);
    const { code, stderr } = await runProgram("pulumi", ["stack", "init", lab.stack], {
      cwd: lab.root,
      env,
      output: "capture",
    });
    if (code !== 0) throw new UserError(`The stack ${lab.stack} could not be made:\n${stderr}`);
  }
  if (isSet(settings())) return;
  // `stack init` has written its key into it.
  const salt = /^encryptionsalt:.*\n/m.exec(settings())?.[0] ?? "";
  fs.writeFileSync(paths.stackConfig, salt + fs.readFileSync(paths.stackTemplate, "utf8"));
}

/** After a kill in the middle, the state may be behind the cloud: then the engine looks first. */
async function update(running: RunningLab, interrupted: boolean): Promise<number> {
  const { lab, env } = running;
  const refresh = interrupted || stackState(lab).pending > 0 ? ["--refresh"] : [];
  await adoptPending(running);
  const args = ["up", "--yes", "--skip-preview", ...refresh];
  return (await runProgram("pulumi", args, { cwd: lab.root, env, output: "pass" })).code;
}
