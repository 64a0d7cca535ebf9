/** The command line of a failover: moves a service by a stack update, and keeps the choice in the stack's config. */
import { command, report, sinceStart } from "../lib/command";
import { patience, waitVariable } from "../lib/patience";
import { takeTurn } from "../lib/turn";
import { conduct } from "./conduct";
import { Failed } from "./failed";
import { historyMessage, log } from "./log";
import { preview } from "./preview";
import { asJson, asText, fromOf, type Report } from "./report";
import {
  type FindWorkspace,
  installedWorkspace,
  type PrintedOutage,
  type Watching,
  type Workspace,
} from "./workspace";

interface Options {
  readonly json: boolean;
  readonly preview: boolean;
  readonly stack?: string;
  readonly cwd?: string;
  readonly reason?: string;
  readonly wait?: string;
}

/** @param others asked for the stack's workspace before the user's own Pulumi is */
export function failoverCommand(others: readonly FindWorkspace[] = []): void {
  command<Options>(
    {
      name: "failover",
      description:
        "Moves a service to a node by a stack update. It is refused, and nothing is changed, if it cannot work.",
      examples: [
        ["npm run failover -- overlay node2", "moves the overlay IP to node2"],
        [
          "npm run failover -- overlay node2 --preview",
          "says from where to where, or why not; changes nothing",
        ],
      ],
      define: (line) =>
        line
          .argument("<service>", "name of the service's resource (or its URN), e.g. overlay, eni or dns")
          .argument("<node>", "name of the node, e.g. node2")
          .option("--preview", "say what would be moved, or why not, and change nothing", false)
          .option("--reason <text>", "why, for the stack's history and the log")
          .option("--json", "print one JSON object on standard output", false)
          .option("--wait <seconds>", `how long to wait for other updates (default: ${waitVariable}, or 600)`)
          .option(
            "--stack <name>",
            "the stack; default: the offline one if it runs, else the one that is selected",
          )
          .option("--cwd <folder>", "folder of the Pulumi project (default: this checkout)"),
    },
    async (options, [service = "", node = ""]) => {
      const bound = patience(options.wait);
      const workspace = await find(others, options);
      return options.preview
        ? await show(workspace, service, node, options)
        : await move({ workspace, service, node, bound }, options);
    },
  );
}

async function find(others: readonly FindWorkspace[], wanted: Options): Promise<Workspace> {
  for (const other of others) {
    const found = await other(wanted);
    if (found !== undefined) return found;
  }
  return await installedWorkspace(wanted);
}

async function show(workspace: Workspace, asked: string, node: string, { json }: Options): Promise<number> {
  const { service, from, wouldMove } = await preview(workspace, asked, node);
  const { stack } = workspace;
  const text = wouldMove
    ? `${service}: ${from ?? "(no single node)"} -> ${node} (a preview: nothing was changed, stack ${stack})`
    : `${service} is on ${node} already: nothing would be moved (stack ${stack})`;
  const object = { service, from: from ?? null, to: node, preview: true, wouldMove, stack };
  const line = json ? JSON.stringify({ ...object, seconds: { total: sinceStart() } }) : text;
  process.stdout.write(`${line}\n`);
  return 0;
}

type Asked = Pick<Parameters<typeof conduct>[0], "workspace" | "service" | "node" | "bound">;

async function move(asked: Asked, { reason, json }: Options): Promise<number> {
  const { workspace, service, node, bound } = asked;
  const { stack, env, logs } = workspace;
  const message = historyMessage(service, node, reason);
  const note = (outcome: string, from?: string, refusals?: readonly string[]): void => {
    log(logs, { stack, service, from, to: node, outcome, reason, refusals }, env, report);
  };
  const turn = await takeTurn(workspace.turn, `failover ${service} ${node}`, bound, report);
  let watching: Watching | undefined;
  let ended: Report;
  try {
    if (!json) report(`Moving ${service} to ${node} in stack ${stack} …`);
    watching = await workspace.watch?.(service);
    const done = await conduct({ ...asked, message });
    note(done.moved ? "moved" : "already there", fromOf(done, node));
    for (const warning of done.warnings) report(`warning: ${warning}`);
    ended = { ...done, workspace, node, seconds: sinceStart() };
  } catch (error) {
    await watching?.end();
    if (error instanceof Failed) note(error.failure, error.from, error.reasons);
    else note("failed", undefined, [error instanceof Error ? error.message : String(error)]);
    throw error;
  } finally {
    turn.end();
  }
  const whole = { ...ended, outage: await outageSeen(watching, node) };
  process.stdout.write(json ? `${JSON.stringify(asJson(whole))}\n` : `${asText(whole)}\n`);
  return 0;
}

/** The failover is done by now: what cannot be said of the outage is a warning. */
async function outageSeen(watching: Watching | undefined, node: string): Promise<PrintedOutage | undefined> {
  try {
    return await watching?.end(node);
  } catch (error) {
    report(`warning: the outage was not measured: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}
