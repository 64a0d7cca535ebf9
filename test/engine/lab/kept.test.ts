/** A failover changes where the service is, and nothing else in the state: no option, dependency or neighbour. */
import test, { type ExecutionContext } from "ava";
import * as fs from "node:fs";
import * as path from "node:path";
import { TestLab } from "./_lab";
import { type ServiceName, serviceFacts, whereIs } from "./_services";

const lab = new TestLab();
test.before(async () => {
  await lab.succeed("lab");
});
test.after.always(async () => {
  // Nobody could take down what these options are for.
  const state = await exported();
  const names = Object.keys(everyOption(undefined));
  const resources = state.deployment.resources.map((one) => without(one, names) as Resource);
  await imported({ ...state, deployment: { ...state.deployment, resources } });
  await lab.remove();
});

type Resource = Record<string, unknown> & { urn: string; type: string };
interface Exported {
  version: number;
  deployment: { resources: Resource[] };
}

async function exported(): Promise<Exported> {
  return JSON.parse((await lab.succeed("pulumi", "stack", "export")).stdout) as Exported;
}

async function imported(state: Exported): Promise<void> {
  const file = path.join(lab.directory, "edited.json");
  fs.writeFileSync(file, JSON.stringify(state));
  await lab.succeed("pulumi", "stack", "import", "--file", file);
}

/** When and by which line of a program a resource was written is about the update, not about the resource. */
const ofTheUpdate = ["modified", "sourcePosition", "stackTrace"];
/** What a move is there to change. */
const moved = ["active", "activeNode", "where", "lastMove", "lastNode"];

const without = (value: Record<string, unknown>, keys: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));

/** The state, apart from what a failover of the service is to change. */
function constant({ deployment }: Exported, service: ServiceName): Record<string, unknown> {
  const sorted = [...deployment.resources].sort((one, other) => (one.urn < other.urn ? -1 : 1));
  return Object.fromEntries(sorted.map((resource) => [resource.urn, ofResource(resource, service)]));
}

/** Dependencies are sets: the engine writes them in any order. */
function withSets(resource: Record<string, unknown>): Record<string, unknown> {
  const sorted = (urns: unknown): string[] => [...((urns ?? []) as string[])].sort();
  const byInput = without((resource.propertyDependencies ?? {}) as Record<string, unknown>, moved);
  return {
    ...resource,
    dependencies: sorted(resource.dependencies),
    propertyDependencies: Object.fromEntries(
      Object.entries(byInput).map(([key, urns]) => [key, sorted(urns)]),
    ),
  };
}

function ofResource(resource: Resource, service: ServiceName): Record<string, unknown> {
  const rest = withSets(without(resource, ofTheUpdate));
  const outputs = (rest.outputs ?? {}) as Record<string, Record<string, unknown>>;
  if (isService(resource, service)) {
    // The shim that finds the checkout's code.
    const all = [...moved, "__provider"];
    const inputs = without(rest.inputs as Record<string, unknown>, all);
    return { ...rest, inputs, outputs: without(outputs, all) };
  }
  if (resource.type !== "pulumi:pulumi:Stack") return rest;
  const { services, ...others } = outputs;
  const here = without((services?.[service] ?? {}) as Record<string, unknown>, ["active"]);
  return { ...rest, outputs: { ...others, services: { ...services, [service]: here } } };
}

const isService = ({ urn, type }: Resource, service: ServiceName): boolean =>
  type.startsWith("pulumi-nodejs:dynamic/failover:") && urn.endsWith(`::${service}`);

async function keepsAll(t: ExecutionContext, service: ServiceName): Promise<void> {
  const before = await exported();
  const [first, second] = serviceFacts[service].nodes;
  const to = (await whereIs(lab, service)) === first ? second : first;
  await lab.succeed("failover", service, to);
  t.is(await whereIs(lab, service), to);
  const [was, is] = [constant(before, service), constant(await exported(), service)];
  t.deepEqual(Object.keys(is), Object.keys(was));
  // One by one, so that a difference is seen between the hundreds of lines that are the same.
  for (const [urn, resource] of Object.entries(is)) t.deepEqual(resource, was[urn], urn);
}

const names = Object.keys(serviceFacts) as ServiceName[];

for (const service of names)
  test.serial(`${service}: as the program made it`, async (t) => {
    await keepsAll(t, service);
    const resource = (await exported()).deployment.resources.find((one) => isService(one, service));
    t.true(Object.keys(resource?.propertyDependencies ?? {}).length > 0, "there was something to lose");
  });

/** Everything that the state can hold of a resource's options; aliases the engine takes out of all that it writes. */
const everyOption = (neighbour: string | undefined) => ({
  protect: true,
  retainOnDelete: true,
  deletedWith: neighbour,
  replaceWith: [neighbour],
  customTimeouts: { create: 900, update: 90.5 },
  additionalSecretOutputs: ["secretNote"],
  ignoreChanges: ["nothing"],
  replaceOnChanges: ["nothingElse"],
});

function withEveryOption(state: Exported, service: ServiceName): Exported {
  const neighbour = state.deployment.resources.find(({ type }) => type === "aws:ec2/vpc:Vpc")?.urn;
  const resources = state.deployment.resources.map((one) =>
    isService(one, service) ? { ...one, ...everyOption(neighbour) } : one,
  );
  return { ...state, deployment: { ...state.deployment, resources } };
}

for (const service of names)
  test.serial(`${service}: with every option that a resource can have`, async (t) => {
    await imported(withEveryOption(await exported(), service));
    await keepsAll(t, service);
  });

test.serial("a service in a component of somebody's own keeps its URN", async (t) => {
  const state = await exported();
  const stack = state.deployment.resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.urn ?? "";
  const group = `urn:pulumi:${lab.stack}::failover-lab::mine:group:Group::group`;
  const own = `::failover-lab:failover:OverlayIp`;
  const text = JSON.stringify(state).replaceAll(own, `::mine:group:Group$${own.slice(2)}`);
  const nested = JSON.parse(text) as Exported;
  const resources = nested.deployment.resources.map((one) =>
    one.type === "failover-lab:failover:OverlayIp" ? { ...one, parent: group } : one,
  );
  const at = resources.findIndex(({ urn }) => urn === stack) + 1;
  const added = { urn: group, custom: false, type: "mine:group:Group", parent: stack };
  resources.splice(at, 0, added as unknown as Resource);
  await imported({ ...nested, deployment: { ...nested.deployment, resources } });
  await keepsAll(t, "overlay");
  await imported(state);
});
