/** A service as the state has it, and the order for a failover of it: everything that the reduced program repeats. */
import type { ServiceState } from "../../components/failover/service";
import { type FailoverOrder, type KeptOptions, type Placed, secretMark } from "./order";
import { findService, type Service } from "./services";
import { type Deployment, nameOf, readState, type StateResource } from "./state";
import type { Workspace } from "./workspace";

export interface StoredService extends Service {
  readonly urn: string;
  readonly id: string;
  /** The service as the engine last saw it. */
  readonly before: Partial<ServiceState>;
  readonly order: FailoverOrder;
}

/**
 * Finds the service in the state, and makes the order for a failover to the node.
 * @param asked name of the service, or its URN
 * @throws UserError when the stack has no such service, or two
 */
export async function readService(
  workspace: Workspace,
  asked: string,
  active: string,
): Promise<StoredService> {
  const stored = storedIn(await readState(workspace), workspace, asked, active);
  // Secrets are ciphers, which only the engine can read.
  if (!JSON.stringify(stored).includes(secretMark.key)) return stored;
  return storedIn(await readState(workspace, { secrets: true }), workspace, asked, active);
}

function storedIn(
  deployment: Deployment,
  { stack }: Workspace,
  asked: string,
  active: string,
): StoredService {
  const service = findService(deployment, asked, stack);
  const { resources = [] } = deployment;
  const { resource, kind, name } = service;
  const { urn, id = "", provider, dependencies = [], propertyDependencies = {}, outputs = {} } = resource;
  const order: FailoverOrder = {
    ...placed(resource, resources),
    kind,
    service: name,
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
    outputs: resources.find((one) => one.type === "pulumi:pulumi:Stack")?.outputs ?? {},
  };
  return { ...service, urn, id, before: outputs, order };
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
