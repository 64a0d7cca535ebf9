/** `npm run failover -- SERVICE NODE`: moves a service by a stack update, and keeps the choice in the stack's config. */
import { Command, InvalidArgumentError } from "commander";
import * as path from "node:path";
import { AFTERMATH } from "../components/failover/moves/contract";
import type { Kind, Movement } from "../components/failover/service";
import { componentType, orderVariable, reducedSince } from "../stacks/failover/order";
import { atLeast } from "../test/cloud/engine/versions";
import { report, run, sinceStart, UserError } from "./lib/command";
import { readEvents, type UpdateResult } from "./lib/events";
import { readOrder } from "./lib/order";
import { runProgram } from "./lib/processes";
import { claimState } from "./lib/state";
import { setStackConfig, stackConfigFile } from "./lib/stack-config";
import { type Target, target } from "./lib/target";

interface Service {
  readonly kind: Kind;
  /** Key of the stack's configuration. */
  readonly key: string;
}

const services: Readonly<Record<string, Service>> = {
  overlay: { kind: "OverlayIp", key: "overlayActive" },
  eni: { kind: "FloatingEni", key: "eniActive" },
  dns: { kind: "ServiceName", key: "dnsActive" },
};

interface Options {
  readonly json: boolean;
  readonly stack?: string;
}

const command = new Command("npm run failover --")
  .description(
    "Move a service to a node by a stack update. It is refused, and nothing is changed, if it cannot work.",
  )
  .argument("<service>", `one of: ${Object.keys(services).join(", ")}`, (name) => {
    if (services[name] === undefined) {
      throw new InvalidArgumentError(
        `There is no service ${name}; use one of: ${Object.keys(services).join(", ")}.`,
      );
    }
    return name;
  })
  .argument("<node>", "name of the node, e.g. node2")
  .option("--json", "print one JSON object on standard output", false)
  .option("--stack <name>", "the stack; default: the offline one if it runs, else the one that is selected")
  .showHelpAfterError();

run(async () => {
  command.parse();
  const [name = "", node = ""] = command.args;
  const options = command.opts<Options>();
  const service = services[name];
  if (service === undefined) throw new UserError(`There is no service ${name}.`);
  const place = await target(options.stack);
  if (place.offline !== undefined) await claimState(place.offline, report);
  if (!options.json) report(`Moving ${name} to ${node} in stack ${place.stack} …`);
  const result = await update(place, service, name, node);
  const seconds = sinceStart();
  const movement = result.state?.lastMove;
  const moved = result.op !== "same" && movement?.moved === true;
  for (const warning of movement?.warnings ?? []) report(`warning: ${warning}`);
  const outcome = { name, node, stack: place.stack, moved, movement, seconds };
  process.stdout.write(options.json ? `${JSON.stringify(asJson(outcome))}\n` : `${asText(outcome)}\n`);
  return 0;
});

async function update(
  place: Target,
  { kind, key }: Service,
  name: string,
  node: string,
): Promise<UpdateResult> {
  const type = `${componentType(kind)}$pulumi-nodejs:dynamic/failover:${kind}`;
  const urn = `urn:pulumi:${place.stack}::failover-lab::${type}::${name}`;
  const file = stackConfigFile(place.root, place.stack);
  const order = await readOrder(place, urn, { kind, name, active: node });
  // Written first: after a kill in the middle, every later update goes on towards the same node.
  const restore = setStackConfig(file, key, node);
  // Only this resource: what else may have drifted is no business of a failover, and costs time.
  const args = [
    "up",
    "--stack",
    place.stack,
    "--config-file",
    file,
    "--yes",
    "--skip-preview",
    "--json",
    "--target",
    urn,
  ];
  const reduced = atLeast(place.engineVersion, reducedSince);
  const { code, stdout, stderr } = await runProgram(place.pulumi, args, {
    cwd: reduced ? path.join(place.root, "stacks", "failover") : place.root,
    env: { ...place.env, [orderVariable]: JSON.stringify(order) },
    output: "capture",
  });
  const result = readEvents(stdout, urn);
  if (code === 0 && result.state !== undefined) return result;
  const mixed = result.errors.some((text) => text.includes(AFTERMATH.mixed));
  // After a failure that changed nothing the choice is what it was. A service that is neither here nor there is to
  // be completed by the next update, so there the new choice stays.
  if (!mixed) restore();
  const causes = result.errors.filter((text) => !/^(update failed|preview failed)$/.test(text));
  const found =
    causes.length > 0 ? causes.join("\n") : [stderr.trim(), stdout.trim().slice(-2000)].join("\n");
  throw new UserError(`${name} was not moved to ${node}:\n${found}`, code === 0 ? 1 : code);
}

interface Outcome {
  readonly name: string;
  readonly node: string;
  readonly stack: string;
  readonly moved: boolean;
  readonly movement?: Movement;
  readonly seconds: number;
}

const rounded = (seconds: number): number => Math.round(seconds * 1000) / 1000;

function asJson({ name, node, stack, moved, movement, seconds }: Outcome): unknown {
  const steps = moved ? (movement?.steps ?? []) : [];
  return {
    service: name,
    from: moved ? (movement?.from ?? null) : node,
    to: node,
    moved,
    stack,
    seconds: {
      total: rounded(seconds),
      ...Object.fromEntries(steps.map((step) => [step.name, rounded(step.seconds)])),
    },
    ...(movement?.warnings.length ? { warnings: movement.warnings } : {}),
  };
}

function asText({ name, node, stack, moved, movement, seconds }: Outcome): string {
  const total = seconds.toFixed(1);
  if (!moved) return `${name} is on ${node} already; nothing was moved (stack ${stack}, ${total} s).`;
  const steps = (movement?.steps ?? []).map((step) => `${step.name} ${step.seconds.toFixed(3)} s`).join(", ");
  return `${name}: ${movement?.from ?? "(no single node)"} -> ${node} in ${total} s, of which in AWS: ${steps} (stack ${stack}).`;
}
