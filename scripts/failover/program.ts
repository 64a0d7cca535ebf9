/**
 * The stack, reduced to the one service that fails over. A failover must not wait for, or depend on, what has nothing
 * to do with it: the AWS plugin, look-ups of images and zones, or a program that was changed and not yet deployed. So
 * this program registers the service's resource alone, as it is in the state but for the choice; `--target` leaves
 * everything else in the stack as it is.
 */
import * as pulumi from "@pulumi/pulumi";
import type { Kind } from "../../components/failover/mechanisms";
import { CheckoutResource, DynamicProviders } from "../../components/loader/checkout-resource";
import type { Component, FailoverOrder, KeptOptions, Placed } from "./order";
import { revived } from "./secrets";

/** The service's resource, with whatever inputs the state has. */
class StoredService extends CheckoutResource {
  declare readonly activeNode: pulumi.Output<string | undefined>;

  constructor(kind: Kind, name: string, inputs: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    super("failover", kind, name, { ...inputs, activeNode: undefined }, opts);
  }
}

/** Registers the service's resource, and all that it is in. @returns the stack's outputs */
export function failOver(order: FailoverOrder): pulumi.Inputs {
  const { kind, name, service, active, outputs } = order;
  const components: Components = new Map();
  const { activeNode } = new StoredService(
    kind,
    name,
    // As whom to act is what the configuration says today.
    { ...inputsOf(order), active, profile: new pulumi.Config("aws").get("profile") },
    {
      ...optionsOf(order.options),
      parent: parentOf(order, components),
      provider: providerOf(order.provider, components),
      dependsOn: order.dependencies.map(known),
    },
  );
  const before = revived(outputs) as pulumi.Inputs & { services?: Record<string, object> };
  const shown = before.services?.[service];
  // A stack that doesn't show its services so gets no new output.
  if (shown === undefined) return before;
  return { ...before, services: { ...before.services, [service]: { ...shown, active: activeNode } } };
}

/** A resource of the stack that this program doesn't register. */
const known = (urn: string): pulumi.Resource => new pulumi.DependencyResource(urn);

/** Each input with the resources that it depends on, so that the state keeps them. */
function inputsOf({ inputs, propertyDependencies }: FailoverOrder): pulumi.Inputs {
  return Object.fromEntries(
    Object.entries(inputs).map(([key, value]) => {
      const urns = (propertyDependencies[key] ?? []).map((urn) => known(urn).urn);
      const input = revived(value);
      return [key, urns.length === 0 ? input : pulumi.all(urns).apply(() => input)];
    }),
  );
}

function optionsOf(options: KeptOptions): pulumi.CustomResourceOptions {
  const { deletedWith, replaceWith, aliases, customTimeouts, ...same } = options;
  const seconds = Object.entries(customTimeouts ?? {}).filter(([, value]) => value !== undefined);
  return {
    ...copied(same),
    ...(deletedWith === undefined ? {} : { deletedWith: known(deletedWith) }),
    ...(replaceWith === undefined ? {} : { replaceWith: replaceWith.map(known) }),
    ...(aliases === undefined ? {} : { aliases: [...aliases] }),
    ...(customTimeouts === undefined
      ? {}
      : { customTimeouts: Object.fromEntries(seconds.map(([key, value]) => [key, `${String(value)}s`])) }),
  };
}

/** Pulumi's types want lists that may be written to. */
function copied(options: Omit<KeptOptions, "deletedWith" | "replaceWith" | "aliases" | "customTimeouts">) {
  return JSON.parse(JSON.stringify(options)) as pulumi.CustomResourceOptions;
}

/** A component with whatever outputs the state has: what a program doesn't give, the engine takes away. */
class StoredComponent extends pulumi.ComponentResource {
  constructor({ type, name, inputs, outputs, options }: Component, parent?: pulumi.ComponentResource) {
    super(type, name, revived(inputs) as pulumi.Inputs, { ...optionsOf(options), parent });
    this.registerOutputs(revived(outputs) as pulumi.Inputs);
  }
}

/** Those that are registered, by their place in the tree: service and provider may be in the same ones. */
type Components = Map<string, pulumi.ComponentResource>;

/** The components around a resource, which are a part of its URN. */
function parentOf({ parents }: Placed, components: Components): pulumi.ComponentResource | undefined {
  let parent: pulumi.ComponentResource | undefined;
  let path = "";
  for (const stored of parents) {
    path += `${stored.type}::${stored.name}$`;
    const component = components.get(path) ?? new StoredComponent(stored, parent);
    components.set(path, component);
    parent = component;
  }
  return parent;
}

function providerOf(
  provider: Placed | undefined,
  components: Components,
): pulumi.ProviderResource | undefined {
  if (provider === undefined) return undefined;
  const options = { ...optionsOf(provider.options), parent: parentOf(provider, components) };
  return new DynamicProviders(provider.name, options);
}
