/** What the reduced program needs to know of a service: everything that the state has of its resource. */
import type { ServiceState } from "../../components/failover/service";
import { type FailoverOrder, type KeptOptions, type Placed, secretMark } from "../../stacks/failover/order";
import { UserError } from "./command";
import { runProgram } from "./processes";
import type { Service } from "./services";
import { type Deployment, deploymentOf, type StateResource } from "./state";
import type { Target } from "./target";

export interface StoredService {
  readonly urn: string;
  readonly id: string;
  /** The service as the engine last saw it. */
  readonly before: Partial<ServiceState>;
  readonly order: FailoverOrder;
}

/** The stack's state: the lab's own from its file, which costs nothing, any other one from its backend. */
async function deployment(place: Target, secrets = false): Promise<Deployment> {
  if (place.offline !== undefined && !secrets) return deploymentOf(place.offline) ?? {};
  const { code, stdout, stderr } = await runProgram(
    place.pulumi,
    ["stack", "export", "--stack", place.stack, ...(secrets ? ["--show-secrets"] : [])],
    { cwd: place.root, env: place.env, output: "capture" },
  );
  if (code !== 0) throw new UserError(`The state of stack ${place.stack} could not be read:\n${stderr}`);
  return (JSON.parse(stdout) as { deployment?: Deployment }).deployment ?? {};
}

/** The last part of a URN, which may itself contain the separator. */
const nameOf = (urn: string): string => urn.split("::").slice(3).join("::");

/**
 * Finds the service and makes the order for a failover to the node.
 * @throws UserError when the stack has no such service, or two
 */
export async function readService(place: Target, service: Service, active: string): Promise<StoredService> {
  const found = find(await deployment(place), place, service);
  // The file has secrets as ciphers, which only the engine can read.
  const hidden = JSON.stringify([
    found.resource,
    found.outputs,
    placed(found.resource, found.resources),
  ]).includes(secretMark.key);
  const { resource, resources, outputs } = hidden
    ? find(await deployment(place, true), place, service)
    : found;
  const { urn, provider, dependencies = [], propertyDependencies = {} } = resource;
  const order: FailoverOrder = {
    ...placed(resource, resources),
    kind: service.kind,
    service: service.name,
    active,
    inputs: Object.fromEntries(
      Object.entries(resource.inputs ?? {}).filter(
        ([key]) => !["active", "activeNode"].includes(key) && !key.startsWith("__"),
      ),
    ),
    provider: providerOf(provider, resources),
    dependencies,
    propertyDependencies: Object.fromEntries(
      Object.entries(propertyDependencies).map(([key, urns]) => [key, urns ?? []]),
    ),
    outputs,
  };
  return { urn, id: resource.id ?? "", before: resource.outputs ?? {}, order };
}

function find({ resources = [] }: Deployment, { stack }: Target, { kind, name }: Service) {
  const type = `pulumi-nodejs:dynamic/failover:${kind}`;
  const [resource, another] = resources.filter(
    (one) => one.type === type && one.delete !== true && nameOf(one.urn) === name,
  );
  if (resource === undefined)
    throw new UserError(`Stack ${stack} has no service ${name}. Build it first: npm run lab, or pulumi up.`);
  if (another !== undefined)
    throw new UserError(
      `Stack ${stack} has the service ${name} twice, as ${resource.urn} and ${another.urn}: an update has not come to ` +
        "its end. Run it first: npm run lab, or pulumi up.",
    );
  const outputs = resources.find((one) => one.type === "pulumi:pulumi:Stack")?.outputs ?? {};
  return { resource, resources, outputs };
}

/** A resource's name and the components around it; the stack itself is around everything. */
function placed(resource: StateResource, resources: readonly StateResource[]): Placed {
  const parents = [];
  let parent = resources.find(({ urn }) => urn === resource.parent);
  while (parent !== undefined && parent.type !== "pulumi:pulumi:Stack") {
    const { type, urn, inputs = {}, outputs = {} } = parent;
    parents.unshift({ type, name: nameOf(urn), inputs, outputs, options: optionsOf(parent) });
    const above: string | undefined = parent.parent;
    parent = resources.find(({ urn }) => urn === above);
  }
  return { parents, name: nameOf(resource.urn), options: optionsOf(resource) };
}

/** Undefined for one that the engine chose by itself, as it will again. */
function providerOf(reference: string | undefined, resources: readonly StateResource[]): Placed | undefined {
  const urn = reference?.slice(0, reference.lastIndexOf("::"));
  const provider = resources.find((resource) => resource.urn === urn);
  if (provider === undefined || /^default(_|$)/.test(nameOf(provider.urn))) return undefined;
  return placed(provider, resources);
}

function optionsOf(resource: StateResource): KeptOptions {
  const { protect, retainOnDelete, deletedWith, replaceWith, aliases, customTimeouts } = resource;
  const { additionalSecretOutputs, ignoreChanges, replaceOnChanges } = resource;
  return {
    protect,
    retainOnDelete,
    deletedWith,
    replaceWith,
    aliases,
    customTimeouts,
    additionalSecretOutputs,
    ignoreChanges,
    replaceOnChanges,
  };
}
