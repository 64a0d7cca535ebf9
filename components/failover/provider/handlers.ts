/**
 * The dynamic provider's methods as plain functions over a mechanism's moves, without Pulumi. They run in a process of
 * their own, which the engine starts; what is stored in the state is a shim that loads them (`loader/`).
 *
 * Nothing here ever asks the engine to replace a resource: a replacement deletes what it replaces, and with it the service
 * of a healthy node.
 */
import type { ServiceShape } from "../core/facts";
import type { MechanismFacts } from "../core/facts";
import { guard } from "./guard";
import { kinds } from "../mechanisms";
import { type Location, MoveFailed } from "../core/contract";
import { awsContext, type Context } from "../core/context";
import { messageOf, plainly } from "./messages";
import { claim, isClaimed, isOwnedByAnother } from "./owners";
import { stayingNode, whereOf } from "./placement";
import { isUnchanged, Planner } from "./plan";
import { say } from "./say";
import type { Kind } from "../mechanisms";
import {
  type Failure,
  flat,
  type Inputs,
  inputsOf,
  serviceOf,
  type State,
  stateOf,
  wrongNames,
} from "./states";
import { Subject } from "./subject";
import { hasUnknown } from "./values";

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

/** Carries a move out; `Mechanism.move`, wherever it runs. */
export type Mover = MechanismFacts["mechanism"]["move"];

/** @param warmUp called when a move may be due soon */
export function handlersOf(kind: Kind, mover: Mover, warmUp: () => void): Handlers {
  const contextOf = (profile?: string): Context => awsContext(profile === undefined ? {} : { profile });
  return handlersOver(kinds[kind], contextOf, mover, warmUp);
}

export function handlersOver(
  facts: MechanismFacts,
  contextOf: (profile?: string) => Context,
  mover: Mover = facts.mechanism.move,
  warmUp: () => void = () => undefined,
): Handlers {
  const subject = new Subject(facts, contextOf);
  const planner = new Planner(subject, warmUp);

  async function move(
    news: Inputs,
    service: ServiceShape,
    to: string,
    { id, lastNode }: { id: string; lastNode?: string },
  ): Promise<State> {
    try {
      const { from, moved, steps, warnings } = await mover(service, to, subject.context(news));
      for (const warning of warnings) say(`warning: ${subject.label(news)}: ${warning}`);
      const lastMove = { ...(from === undefined ? {} : { from }), to, moved, steps, warnings };
      return stateOf(news, await subject.look(news), { lastMove, lastNode });
    } catch (error) {
      if (!(error instanceof MoveFailed) || error.outcome !== "mixed") throw error;
      // The state has to say what AWS has now. Pulumi keeps it, and does the update again next time, when the error
      // carries the resource's id and properties.
      const left = stateOf(news, { state: "mixed", places: error.places }, { lastNode });
      throw Object.assign(error, { id, properties: left, reasons: [error.message] });
    }
  }

  /** What is not as promised beside the place: a move of a service that works must not fail for it. */
  async function mend(news: Inputs, node: string): Promise<void> {
    try {
      await facts.mechanism.mend?.(serviceOf(news), node, subject.context(news));
    } catch (error) {
      say(`warning: ${subject.label(news)} on ${node} could not be put right: ${messageOf(error)}`);
    }
  }

  async function remove(state: Inputs): Promise<void> {
    const { left } = await facts.mechanism.remove(serviceOf(state), subject.context(state));
    for (const { where, target } of left)
      say(
        `${subject.label(state)}: ${where} is left as it is: it leads to ${target ?? "nothing"}, which is none of its nodes.`,
      );
  }

  /** The new service stands; what could not be removed of the old one is no reason to say that the update has failed. */
  async function removeFormer(olds: Inputs): Promise<void> {
    if (isClaimed(subject.idOf(olds))) return;
    try {
      await remove(olds);
    } catch (error) {
      say(`warning: ${subject.label(olds)} could not be removed: ${messageOf(error)}`);
    }
  }

  return {
    async check(stored, asked) {
      const news = flat(asked);
      const failures = wrongNames(news);
      if (failures.length > 0) return { inputs: news, failures };
      if (!facts.identity.some((key) => hasUnknown(news[key]))) claim(subject.idOf(news));
      const plan = await planner.plan(
        stored.initial === undefined ? undefined : flat(stored as Inputs),
        news,
      );
      return { inputs: inputsOf(news, plan.node), failures: plan.failures };
    },

    async diff(id, stored, asked) {
      const [olds, news] = [flat(stored), flat(asked)];
      await guard(id, olds, news, subject);
      const due = hasUnknown(news) || !isUnchanged(olds, news) || (await planner.isUnsettled(olds, news));
      return { changes: (await planner.isOffChoice(news)) || due, replaces: [], deleteBeforeReplace: false };
    },

    async create(news) {
      planner.done(news);
      const location = await subject.look(news);
      const target = news.active ?? stayingNode(location, new Map(), news.activeNode);
      if (target === undefined)
        throw new Error(`${subject.label(news)} is at ${String(whereOf(location))}; choose its active node.`);
      const id = subject.idOf(news);
      return { id, outs: await move(news, serviceOf(news), target, { id }) };
    },

    async read(id, stored) {
      const state = flat(stored);
      const label = subject.label(state);
      const location = await plainly(`Looking for ${label}`, () => subject.inspect(state));
      if (location.state === "absent") say(`warning: ${label} is nowhere: nobody is reached by it.`);
      for (const { where, off } of location.places)
        if (off !== undefined) say(`warning: ${label}: ${where} ${off}`);
      for (const note of location.notes ?? []) say(`warning: ${label}: ${note}`);
      const props = stateOf(state, location, {
        lastMove: state.lastMove,
        lastNode: state.lastNode ?? state.activeNode,
      });
      // One that is nowhere, or half moved, belongs to the node that had it last, until somebody has it or chooses.
      return { id, props, inputs: inputsOf(props, props.activeNode ?? props.lastNode) };
    },

    async update(id, stored, news) {
      const olds = flat(stored);
      const another = subject.isAnother(olds, news);
      let location: Location | undefined;
      let target = news.active;
      if (target === undefined) {
        location = await subject.look(another ? olds : news);
        target = stayingNode(location, subject.former(olds, news), news.activeNode);
      }
      if (target === undefined) {
        const found = location ?? (await subject.look(news));
        say(
          `warning: ${subject.label(news)} is at ${whereOf(found) ?? "nobody"}, and is left as it is: choose its active node.`,
        );
        return { outs: stateOf(news, found, olds) };
      }
      if (olds.where.some(({ off }) => off !== undefined)) await mend(news, target);
      const outs = await move(news, subject.withFormer(olds, news), target, { id, lastNode: olds.lastNode });
      if (another) await removeFormer(olds);
      return { outs };
    },

    async delete(id, stored) {
      const state = flat(stored);
      if (isClaimed(subject.idOf(state)) || (await isOwnedByAnother(state.stack, facts.type, id))) {
        say(`${subject.label(state)} is left as it is: another resource of this stack has it.`);
        return;
      }
      await plainly(`Removing ${subject.label(state)}`, () => remove(state));
    },
  };
}
