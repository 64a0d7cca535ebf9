/** `npm run failover -- SERVICE NODE`: moves a service by a stack update, and keeps the choice in the stack's config. */
import { InvalidArgumentError } from "commander";
import * as fs from "node:fs";
import * as path from "node:path";
import { command, report, sinceStart } from "./lib/command";
import { conduct } from "./lib/conduct";
import { Failed } from "./lib/failed";
import { historyMessage, log } from "./lib/failover-log";
import { preview } from "./lib/failover-preview";
import { asJson, asText, fromOf, type PrintedOutage, type Report } from "./lib/failover-report";
import type { Watching } from "./lib/outage";
import { patience, waitVariable } from "./lib/patience";
import { type Service, serviceNames, services } from "./lib/services";
import { type Target, target, turnOf } from "./lib/target";
import { takeTurn } from "./lib/turn";

interface Options {
  readonly json: boolean;
  readonly preview: boolean;
  readonly stack?: string;
  readonly reason?: string;
  readonly wait?: string;
}

function serviceOf(name: string): Service {
  const found = services.find((service) => service.name === name);
  if (found === undefined)
    throw new InvalidArgumentError(`There is no service ${name}; use one of: ${serviceNames}.`);
  return found;
}

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
        .argument("<service>", `one of: ${serviceNames}`, (name) => serviceOf(name).name)
        .argument("<node>", "name of the node, e.g. node2")
        .option("--preview", "say what would be moved, or why not, and change nothing", false)
        .option("--reason <text>", "why, for the stack's history and the log")
        .option("--json", "print one JSON object on standard output", false)
        .option("--wait <seconds>", `how long to wait for other updates (default: ${waitVariable}, or 600)`)
        .option(
          "--stack <name>",
          "the stack; default: the offline one if it runs, else the one that is selected",
        ),
  },
  async (options, [name = "", node = ""]) => {
    const service = serviceOf(name);
    const place = await target(options.stack);
    return options.preview
      ? await show(place, service, node, options)
      : await move(place, service, node, options);
  },
);

async function show(place: Target, service: Service, node: string, { json }: Options): Promise<number> {
  const { from, wouldMove } = await preview(place, service, node);
  const [what, seconds] = [service.name, sinceStart()];
  const text = wouldMove
    ? `${what}: ${from ?? "(no single node)"} -> ${node} (a preview: nothing was changed, stack ${place.stack})`
    : `${what} is on ${node} already: nothing would be moved (stack ${place.stack})`;
  const object = {
    service: what,
    from: from ?? null,
    to: node,
    preview: true,
    wouldMove,
    stack: place.stack,
  };
  const line = json ? JSON.stringify({ ...object, seconds: { total: seconds } }) : text;
  process.stdout.write(`${line}\n`);
  return 0;
}

async function move(place: Target, service: Service, node: string, options: Options): Promise<number> {
  const { reason, json } = options;
  const bound = patience(options.wait);
  const message = historyMessage(service.name, node, reason);
  const note = (outcome: string, from?: string, refusals?: readonly string[]): void => {
    const entry = { stack: place.stack, service: service.name, from, to: node, outcome, reason, refusals };
    log(place.offline?.directory ?? path.join(place.root, ".lab"), entry, place.env, report);
  };
  const turn = await takeTurn(turnOf(place), `failover ${service.name} ${node}`, bound, report);
  let watching: Watching | undefined;
  let ended: Report;
  try {
    if (!json) report(`Moving ${service.name} to ${node} in stack ${place.stack} …`);
    watching = await watch(place, service);
    const done = await conduct({ place, service, node, bound, message });
    note(done.moved ? "moved" : "already there", fromOf(done, node));
    for (const warning of done.warnings) report(`warning: ${warning}`);
    ended = { ...done, place, service: service.name, node, seconds: sinceStart() };
  } catch (error) {
    await watching?.end();
    if (error instanceof Failed) note(error.failure, error.from, error.reasons);
    else note("failed", undefined, [error instanceof Error ? error.message : String(error)]);
    throw error;
  } finally {
    turn.end();
  }
  const whole = { ...ended, ...(await outageSeen(watching, node)) };
  process.stdout.write(json ? `${JSON.stringify(asJson(whole))}\n` : `${asText(whole)}\n`);
  return 0;
}

/** A lab without packets has nobody to look from, and pays nothing for it. */
async function watch({ offline }: Target, service: Service): Promise<Watching | undefined> {
  if (offline === undefined || !fs.existsSync(path.join(offline.directory, "packets"))) return undefined;
  const { watchOutage } = await import("./lib/outage");
  return await watchOutage(offline, service);
}

/** The failover is done by now: what cannot be said of the outage is a warning. */
async function outageSeen(
  watching: Watching | undefined,
  node: string,
): Promise<{ readonly outage?: PrintedOutage }> {
  if (watching === undefined) return {};
  const { outageAsJson, outageAsText } = await import("./lib/outage");
  try {
    const seen = await watching.end(node);
    return { outage: { json: outageAsJson(seen), text: outageAsText(seen, node) } };
  } catch (error) {
    report(`warning: the outage was not measured: ${error instanceof Error ? error.message : String(error)}`);
    return {};
  }
}
