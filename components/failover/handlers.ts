/**
 * The dynamic provider's methods as plain functions over a mechanism's moves, without Pulumi. They run in a process of
 * their own, which the engine starts; `provider.ts` is the shim that is stored in the state.
 */
import { type Location, type Mechanism, MoveFailed, type Problem } from "./moves/contract";
import { awsContext, type Context } from "./moves/context";
import { overlayIp } from "./moves/overlay";
import { hasUnknown, sameValue } from "./values";
import type { Kind, Movement, ServiceInputs, ServiceState } from "./service";

// The SDK's notice about future versions of Node is for us who choose the version, not for who runs an update.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

/** What AWS has to be a Mechanism for: services are plain JSON, checked by their own preflight. */
interface ServiceShape {
  readonly candidates: Readonly<Record<string, Record<string, string>>>;
  readonly region: string;
}
type Inputs = ServiceInputs<ServiceShape>;
type State = ServiceState<ServiceShape>;

export interface Failure {
  readonly property: string;
  readonly reason: string;
}

export interface Difference {
  readonly changes: boolean;
  readonly replaces: string[];
  readonly deleteBeforeReplace: boolean;
}

export interface Handlers {
  check(olds: Partial<Inputs>, news: Inputs): Promise<{ inputs: Inputs; failures: Failure[] }>;
  diff(id: string, olds: State, news: Inputs): Promise<Difference>;
  create(news: Inputs): Promise<{ id: string; outs: State }>;
  read(id: string, state: State): Promise<{ id: string; props: State }>;
  update(id: string, olds: State, news: Inputs): Promise<{ outs: State }>;
  delete(id: string, state: State): Promise<void>;
}

/** What makes a service another one, per kind: a change of these can't be a move. */
const identity: Record<Kind, readonly string[]> = {
  OverlayIp: ["region", "vpcId", "destination"],
};

const mechanisms: Record<Kind, unknown> = { OverlayIp: overlayIp };

export function handlersOf(kind: Kind, context: (profile?: string) => Context = defaultContext): Handlers {
  return handlersOver(mechanisms[kind] as Mechanism<ServiceShape, unknown>, identity[kind], context);
}

function defaultContext(profile?: string): Context {
  return awsContext(profile === undefined ? {} : { profile });
}

export function handlersOver(
  mechanism: Mechanism<ServiceShape, unknown>,
  identityKeys: readonly string[],
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
    await guarded(
      `Moving the service back to ${active}, which was chosen before others moved it,`,
      async () => {
        const problems = await mechanism.preflight(news.service, active, context(news.profile));
        if (problems.length === 0) return;
        throw new Error(
          `${reasonsOf(problems).join("\n")}\nOr let it stay where it is: unset the active node.`,
        );
      },
    );
    return true;
  }

  return {
    async check(olds, news) {
      if (hasUnknown(news)) return { inputs: news, failures: [] };
      const failures = wrongNames(news);
      const target = dueTarget(olds, news);
      if (failures.length > 0 || target === undefined) return { inputs: news, failures };
      try {
        const problems = await mechanism.preflight(news.service, target, context(news.profile));
        return {
          inputs: news,
          failures: reasonsOf(problems).map((reason) => ({ property: "active", reason })),
        };
      } catch (error) {
        const reason = `whether ${target} can take over could not be found out: ${messageOf(error)}`;
        return { inputs: news, failures: [{ property: "active", reason }] };
      }
    },

    async diff(_id, olds, news) {
      const service = (inputs: Inputs): Record<string, unknown> => ({ ...inputs.service });
      const replaces = identityKeys.filter((key) => !sameValue(service(olds)[key], service(news)[key]));
      const settled = olds.location === "at" && sameValue(olds.places, news.places);
      // "Stay" means the node, not its old interface: a node that was replaced gets the service back, and a table
      // that lacks the route gets it. Nothing is done when the service is at nobody's or at several nodes.
      const stale = olds.activeNode !== undefined && !(settled && sameValue(olds.service, news.service));
      return {
        changes: replaces.length > 0 || stale || news.active !== olds.active || (await drifted(news)),
        replaces: replaces.length > 0 ? ["service"] : [],
        deleteBeforeReplace: false,
      };
    },

    async create(news) {
      const { node } = homeOf(await look(news));
      const id = identityKeys.map((key) => String({ ...news.service }[key as keyof ServiceShape])).join("/");
      return { id, outs: await move(news, news.service, news.active ?? node ?? news.initial, id) };
    },

    async read(id, state) {
      const location = await guarded("Looking for the service", () => look(state));
      if (location.state === "absent") return { id: "", props: state };
      return { id, props: stateOf(state, location, state.lastMove) };
    },

    async update(id, olds, news) {
      const to = news.active ?? olds.activeNode;
      if (to === undefined) return { outs: stateOf(news, await look(news), olds.lastMove) };
      const outs = await move(news, withFormer(olds.service, news.service), to, id);
      return { outs };
    },

    async delete(_id, state) {
      await guarded("Removing the service", () => mechanism.remove(state.service, context(state.profile)));
    },
  };
}

/**
 * The node that a preflight is due for: the one that is to become active, or, for a new service, its first one. An
 * unchanged choice needs none: nothing will move.
 */
function dueTarget(olds: Partial<Inputs>, news: Inputs): string | undefined {
  if (olds.service === undefined || hasUnknown(olds)) return news.active ?? undefined;
  return news.active === olds.active ? undefined : news.active;
}

function reasonsOf(problems: readonly Problem[]): string[] {
  return problems.map(({ subject, reason, remedy }) => `${subject} ${reason}; ${remedy}`);
}

function wrongNames(news: Inputs): Failure[] {
  const known = Object.keys(news.service.candidates);
  return (["active", "initial"] as const).flatMap((property) => {
    const name = news[property];
    if (name === undefined || known.includes(name)) return [];
    return [{ property, reason: `there is no node ${name}; choose one of: ${known.join(", ")}` }];
  });
}

/** The one node that has the service, also when some places point nowhere yet. */
function homeOf(location: Location): { node?: string } {
  const nodes = new Set(
    location.places.filter((place) => place.target !== undefined).map((place) => place.node),
  );
  const [node] = nodes;
  return nodes.size === 1 && node !== undefined ? { node } : {};
}

function stateOf(inputs: Inputs, location: Location, lastMove?: Movement): State {
  const { service, active, initial, places, profile } = inputs;
  const { node } = homeOf(location);
  return {
    service,
    initial,
    places,
    ...(active === undefined ? {} : { active }),
    ...(profile === undefined ? {} : { profile }),
    ...(lastMove === undefined ? {} : { lastMove }),
    location: location.state,
    where: location.places,
    ...(node === undefined ? {} : { activeNode: node }),
  };
}

/** Interfaces that candidates had before they were replaced: a route to one of them is the service's own. */
function withFormer(olds: ServiceShape, news: ServiceShape): ServiceShape {
  const interfaces = (service: ServiceShape): string[] =>
    Object.values(service.candidates).flatMap((candidate) => candidate.networkInterfaceId ?? []);
  const former = interfaces(olds).filter((id) => !interfaces(news).includes(id));
  return former.length === 0 ? news : Object.assign({}, news, { formerInterfaces: former });
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
