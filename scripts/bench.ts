/**
 * `npm run bench`: how long things take, as ratios against a named baseline that is measured in the same run, turn by
 * turn with it, so that a busy machine slows both. It builds a lab of its own and removes it.
 */
import { InvalidArgumentError } from "commander";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { endWithMe } from "../test/cloud/janitor";
import { defaultLab, type Lab } from "../test/cloud/lab";
import { command, type CommandLine, report, UserError } from "./lib/command";
import { runningLab, type RunningLab } from "./lib/running-lab";
import { stackConfigFile, stackConfigWith } from "./lib/stack-config";
import { trivialProjects } from "./lib/bench-projects";
import { agentTakeover } from "./lib/bench-takeover";

interface Series {
  readonly name: string;
  readonly seconds: number[];
}

const defaultRounds = 5;

function roundsOf(text: string): number {
  const rounds = Number(text);
  if (Number.isInteger(rounds) && rounds > 0) return rounds;
  throw new InvalidArgumentError("Give a whole number of rounds, e.g. 5.");
}

const line: CommandLine = {
  name: "bench",
  description:
    "Measures how long things take, in a lab of its own, as ratios against baselines of the same run.",
  examples: [["npm run bench -- --rounds 3", "measures three times, and prints the medians"]],
  define: (declared) =>
    declared.option("--rounds <number>", "how often each thing is measured", roundsOf, defaultRounds),
};

command<{ rounds: number }>(line, async ({ rounds }) => {
  const lab: Lab = { ...defaultLab(), directory: path.resolve(".lab", "bench"), stack: "bench" };
  // Interrupted, it leaves nothing running, and the next one removes what is left on the disk.
  endWithMe("FAILOVER_OWNER", path.join(lab.root, "test", "cloud"));
  const env = { ...process.env, FAILOVER_LAB_DIR: lab.directory, FAILOVER_LAB_STACK: lab.stack };
  if (fs.existsSync(lab.directory)) timed(lab.root, env, "npm", ["run", "-s", "lab:down"]);
  // Whoever ends this gets no lab left over: what runs at that moment ends with the signal, and then the lab is removed.
  const ending = (): void => undefined;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, ending);
  report("Building a lab to measure …");
  try {
    const setUp = timed(lab.root, env, "npm", ["run", "-s", "lab"]);
    process.stdout.write(await measure(await runningLab(lab), setUp, rounds));
  } finally {
    report("Removing it …");
    // What went wrong before is the error to be told, not what follows from it here.
    const { status, stderr } = spawnSync("npm", ["run", "-s", "lab:down"], {
      cwd: lab.root,
      env,
      encoding: "utf8",
    });
    if (status === 0) fs.rmSync(lab.directory, { recursive: true, force: true });
    else report(`The lab in ${lab.directory} could not be removed: ${stderr}`);
  }
  return 0;
});

/**
 * Wall time of a command, in seconds.
 * @param succeeds whether it is to end well
 * @throws if it ends otherwise: that run is no measurement
 */
function timed(
  cwd: string,
  env: NodeJS.ProcessEnv,
  program: string,
  args: readonly string[],
  succeeds = true,
): number {
  const started = performance.now();
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, env, encoding: "utf8" });
  if (error) throw error;
  if ((status === 0) !== succeeds)
    throw new UserError(`${program} ${args.join(" ")} ended with ${String(status)}:\n${stdout}\n${stderr}`);
  return (performance.now() - started) / 1000;
}

async function measure(running: RunningLab, setUp: number, rounds: number): Promise<string> {
  const { lab, env } = running;
  const projects = trivialProjects(lab, (cwd, args) => timed(cwd, env, "pulumi", args));
  // Without npm, which starts none of the baselines either.
  const failover = (service: string, node: string): number =>
    timed(lab.root, env, process.execPath, ["scripts/run.cjs", "failover", service, node, "--json"]);
  // A wrong setting, in a copy of the stack's configuration: Pulumi would save it.
  const wrong = path.join(lab.directory, "wrong.yaml");
  fs.writeFileSync(
    wrong,
    stackConfigWith(stackConfigFile(lab.root, lab.stack), "failover-lab:serviceTtl", "soon"),
  );
  const refused = (): number => timed(lab.root, env, "pulumi", ["preview", "--config-file", wrong], false);
  const takeover = await agentTakeover(running, "node1", "192.168.10.1");
  const series = {
    overlay: [] as number[],
    eni: [] as number[],
    dns: [] as number[],
    trivial: [] as number[],
    agent: [] as number[],
    preview: [] as number[],
    refusal: [] as number[],
    empty: [] as number[],
  };
  try {
    for (let round = 0; round < rounds; round++) {
      report(`Round ${round + 1} of ${rounds} …`);
      series.overlay.push(failover("overlay", "node2"));
      series.eni.push(failover("eni", round % 2 === 0 ? "node-b" : "node-a"));
      series.dns.push(failover("dns", round % 2 === 0 ? "node2" : "node1"));
      series.trivial.push(projects.update(round));
      series.preview.push(timed(lab.root, env, "pulumi", ["preview"]));
      series.refusal.push(refused());
      series.empty.push(projects.preview());
      if (typeof takeover !== "string") series.agent.push(await takeover.run());
      failover("overlay", "node1"); // where the next round begins; the agent may have done it
    }
  } finally {
    if (typeof takeover !== "string") await takeover.close();
  }
  const named = (name: string, seconds: number[]): Series => ({ name, seconds });
  const preview = named("unchanged preview of the whole lab", series.preview);
  const moved = named("failover of the overlay IP (the whole command, without npm)", series.overlay);
  const trivial = named("stack update of one trivial dynamic resource", series.trivial);
  return [
    `Medians of ${rounds} rounds, seconds in brackets; set-up of the lab took ${setUp.toFixed(1)} s.`,
    ratio(moved, trivial, 0.9),
    ratio(named("failover of the floating ENI", series.eni), trivial),
    ratio(named("failover of the service name", series.dns), trivial),
    typeof takeover === "string"
      ? `- The takeover by aws-vpc-move-ip could not be measured here: ${takeover}`
      : ratio(moved, named("takeover by aws-vpc-move-ip on the same gateway", series.agent), 0.6),
    ratio(preview, named("preview of an empty program", series.empty), 2),
    ratio(named("refusal of a wrong setting", series.refusal), preview, 1.5),
    "",
  ].join("\n");
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  return sorted.length % 2 === 1 ? at(Math.floor(middle)) : (at(middle - 1) + at(middle)) / 2;
}

function ratio(subject: Series, baseline: Series, aim?: number): string {
  const [one, other] = [median(subject.seconds), median(baseline.seconds)];
  const value = one / other;
  const found = `- ${value.toFixed(2)} = ${subject.name} (${one.toFixed(2)}) / ${baseline.name} (${other.toFixed(2)})`;
  if (aim === undefined) return found;
  return `${found}; aim: at most ${aim}, ${value <= aim ? "met" : "MISSED"}`;
}
