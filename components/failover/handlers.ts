/**
 * The dynamic provider's methods as plain functions over a mechanism's moves, without Pulumi. They run in a process of
 * their own, which the engine starts; what is stored in the state is a shim that loads them (`loader/`).
 */
import { type Location, type Mechanism, MoveFailed } from "./moves/contract";
import { awsContext, type Context } from "./moves/context";
import { floatingEni } from "./moves/floating-eni";
import { overlayIp } from "./moves/overlay";
import { serviceName } from "./moves/service-name";
import type { Kind } from "./service";
import {
  type Failure,
  homeOf,
  type Inputs,
  inputsOf,
  type ServiceShape,
  type State,
  stateOf,
  withFormer,
  wrongNames,
} from "./states";
import { hasUnknown, sameValue } from "./values";

// The SDK's notice about future versions of Node is for us who choose the version, not for who runs an update.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

export interface Difference {
  readonly changes: boolean;
  readonly replaces: string[];
  readonly deleteBeforeReplace: boolean;
}

export interface Handlers {
  check(olds: Partial<Inputs>, news: Inputs): Promise<{ inputs: Inputs; failures: Failure[] }>;
  diff(id: string, olds: State, news: Inputs): Promise<Difference>;
  create(news: Inputs): Promise<{ id: string; outs: State }>;
  read(id: string, state: State): Promise<{ id: string; props: State; inputs: Inputs }>;
  update(id: string, olds: State, news: Inputs): Promise<{ outs: State }>;
  delete(id: string, state: State): Promise<void>;
}

interface KindFacts {
  readonly mechanism: unknown;
  /** What makes a service another one: a change of these can't be a move. */
  readonly identity: readonly string[];
  /** Where a candidate's identity in AWS is, and where the mechanism expects those of candidates that were replaced. */
  readonly candidate: { readonly id: string; readonly former: string };
}

const kinds: Record<Kind, KindFacts> = {
  OverlayIp: {
    mechanism: overlayIp,
    identity: ["region", "vpcId", "destination"],
    candidate: { id: "networkInterfaceId", former: "formerInterfaces" },
  },
  FloatingEni: {
    mechanism: floatingEni,
    identity: ["region", "networkInterfaceId"],
    candidate: { id: "instanceId", former: "formerInstances" },
  },
  ServiceName: {
    mechanism: serviceName,
    identity: ["region", "hostedZoneId", "name"],
    candidate: { id: "address", former: "formerAddresses" },
  },
};

export function handlersOf(kind: Kind, context: (profile?: string) => Context = defaultContext): Handlers {
  const { mechanism, identity, candidate } = kinds[kind];
  // Services are plain JSON to the engine; each mechanism's preflight judges its own.
  return handlersOver(mechanism as Mechanism<ServiceShape, unknown>, identity, candidate, context);
}

function defaultContext(profile?: string): Context {
  return awsContext(profile === undefined ? {} : { profile });
}

export function handlersOver(
  mechanism: Mechanism<ServiceShape, unknown>,
  identityKeys: readonly string[],
  candidate: KindFacts["candidate"],
  context: (profile?: string) => Context,
): Handlers {
  const look = (inputs: Inputs): Promise<Location> =>
    mechanism.locate(inputs.service, context(inputs.profile));

  async function move(news: Inputs, service: ServiceShape, to: string, id: string): Promise<State> {
    try {
      const { from, moved, steps, warnings } = await mechanism.move(service, to, context(news.profile));
      return stateOf(news, await look(news), {
        ...(from === undefined ? {} : { from }),
        to,
        moved,
        steps,
        warnings,
      });
    } catch (error) {
      if (!(error instanceof MoveFailed) || error.outcome !== "mixed") throw error;
      // The state has to say what AWS has now. Pulumi keeps it, and does the update again next time, when the error
      // carries the resource's id and properties.
      const left = stateOf(news, { state: "mixed", places: error.places });
      throw Object.assign(error, { id, properties: left, reasons: [error.message] });
    }
  }

  /**
   * Whether others have moved the service away from the node that was chosen. AWS is asked, not the state: a choice that
   * is old and met costs one call, and a plan that says "no changes" is true. `check` has looked at a choice that is
   * new; here a move that can't work is refused.
   */
  async function drifted(news: Inputs): Promise<boolean> {
    const { active } = news;
    if (active === undefined || hasUnknown(news)) return false;
    const location = await guarded("Looking for the service", () => look(news));
    if (location.state === "at" && location.node === active) return false;
    const what = `Moving the service back to ${active}, which was chosen before others moved it,`;
    await guarded(what, async () => {
      const reasons = await refusals(news, active);
      if (reasons.length === 0) return;
      throw new Error(`${reasons.join("\n")}\nOr let it stay where it is: unset the active node.`);
    });
    return true;
  }

  /** Where the service is to be: as chosen, or where it is; a new one goes to its first node. */
  async function planned(olds: Partial<Inputs>, news: Inputs): Promise<string | undefined> {
    if (news.active !== undefined) return news.active;
    if (olds.service !== undefined) return olds.activeNode;
    const { node } = hasUnknown(news) ? { node: undefined } : homeOf(await look(news));
    return node ?? news.initial;
  }

  /** Every reason why the service can't be moved to a node. */
  async function refusals(news: Inputs, target: string): Promise<string[]> {
    const problems = await mechanism.preflight(news.service, target, context(news.profile));
    return problems.map(({ subject, reason, remedy }) => `${subject} ${reason}; ${remedy}`);
  }

  return {
    async check(olds, news) {
      const failures = wrongNames(news);
      if (failures.length > 0) return { inputs: news, failures };
      const { active } = news;
      try {
        const activeNode = await planned(olds, news);
        const inputs = inputsOf(news, activeNode);
        if (active === undefined || active === olds.activeNode || hasUnknown(news))
          return { inputs, failures };
        const reasons = await refusals(news, active);
        return { inputs, failures: reasons.map((reason) => ({ property: "active", reason })) };
      } catch (error) {
        const reason = `whether ${active ?? news.initial} can take over could not be found out: ${messageOf(error)}`;
        return { inputs: news, failures: [{ property: "active", reason }] };
      }
    },

    async diff(_id, olds, news) {
      const service = (inputs: Inputs): Record<string, unknown> => ({ ...inputs.service });
      const replaces = identityKeys.filter((key) => !sameValue(service(olds)[key], service(news)[key]));
      const settled = olds.location === "at" && sameValue(olds.places, news.places);
      // "Stay" means the node, not its old interface: a node that was replaced gets the service back, and a table
      // that lacks the route gets it. Nothing is done when the service is at nobody's or at several nodes.
      const stale = news.activeNode !== undefined && !(settled && sameValue(olds.service, news.service));
      const due =
        replaces.length > 0 || stale || news.activeNode !== olds.activeNode || news.active !== olds.active;
      return {
        changes: due || (await drifted(news)),
        replaces: replaces.length > 0 ? ["service"] : [],
        deleteBeforeReplace: false,
      };
    },

    async create(news) {
      const id = identityKeys.map((key) => String({ ...news.service }[key as keyof ServiceShape])).join("/");
      return { id, outs: await move(news, news.service, news.activeNode ?? news.initial, id) };
    },

    async read(id, state) {
      const location = await guarded("Looking for the service", () => look(state));
      if (location.state === "absent") return { id: "", props: state, inputs: state };
      const props = stateOf(state, location, state.lastMove);
      return { id, props, inputs: inputsOf(props, props.activeNode) };
    },

    async update(id, olds, news) {
      if (news.activeNode === undefined) return { outs: stateOf(news, await look(news), olds.lastMove) };
      return {
        outs: await move(news, withFormer(candidate, olds.service, news.service), news.activeNode, id),
      };
    },

    async delete(_id, state) {
      await guarded("Removing the service", () => mechanism.remove(state.service, context(state.profile)));
    },
  };
}

/**
 * Pulumi prints the stack of what `read` and `delete` throw. For a user's situation (no permission, no network) it is
 * noise, and it hides the message.
 */
async function guarded<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const plain = new Error(`${what} failed: ${messageOf(error)}`);
    plain.stack = "";
    throw plain;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
