/**
 * Where a service is to be, given what is asked for: the plan that a preview shows. Only a chosen node moves a service;
 * whatever else an update changes, it looks where the service is and leaves it there.
 */
import { condemnedNodes } from "./guard";
import { messageOf, plainly } from "./messages";
import { stayingNode, whereOf } from "./placement";
import { say } from "./say";
import {
  type Failure,
  filled,
  homeOf,
  type Inputs,
  isSettled,
  nodeNames,
  serviceOf,
  type State,
} from "./states";
import type { Subject } from "./subject";
import { hasUnknown, sameValue } from "./values";

export interface Plan {
  readonly node?: string;
  readonly failures: Failure[];
}

const refused = (property: string, reasons: readonly string[]): Failure[] =>
  reasons.map((reason) => ({ property, reason }));

export class Planner {
  /** Choices that `plan` has judged and `isOffChoice` need not judge again. */
  private readonly judged = new Set<string>();

  /** @param warmUp called when a move may be due soon */
  constructor(
    private readonly subject: Subject,
    private readonly warmUp: () => void,
  ) {}

  /** @param olds undefined: the resource is new */
  async plan(olds: Inputs | undefined, news: Inputs): Promise<Plan> {
    const { active } = news;
    try {
      return active === undefined
        ? await this.staying(olds, news)
        : { node: active, failures: await this.chosen(olds, news, active) };
    } catch (error) {
      const what = `${active ?? news.initial} can have ${this.subject.label(news)}`;
      return { failures: refused("active", [`whether ${what} could not be found out: ${messageOf(error)}`]) };
    }
  }

  /** Why the chosen node can't have it. */
  private async chosen(olds: Inputs | undefined, news: Inputs, active: string): Promise<Failure[]> {
    if (olds !== undefined && active === olds.activeNode) return [];
    if (olds !== undefined && condemnedNodes(olds, news).includes(active))
      return refused("active", [
        `${active} is made or replaced by this same update, so whether it can take over is not known; choose it when it is there`,
      ]);
    const known = olds === undefined ? news : filled(olds, news);
    if (hasUnknown(known)) return [];
    const { subject } = this;
    this.warmUp();
    const reasons = await subject.refusals(known, active, subject.withFormer(olds, known));
    this.judged.add(`${subject.idOf(known)} ${active}`);
    if (reasons.length > 0) return refused("active", reasons);
    const from = olds === undefined ? whereOf(await subject.look(known)) : olds.activeNode;
    if (from !== undefined && from !== active) say(`${subject.label(news)} moves from ${from} to ${active}.`);
    return [];
  }

  private async staying(olds: Inputs | undefined, news: Inputs): Promise<Plan> {
    if (olds === undefined) return await this.firstNode(news);
    const known = filled(olds, news);
    if (hasUnknown(known) || isUnchanged(olds, known)) return { node: olds.activeNode, failures: [] };
    const { subject } = this;
    const another = subject.isAnother(olds, known);
    const location = await subject.look(another ? olds : known);
    const former = subject.former(olds, known);
    const node = stayingNode(location, former, olds.activeNode);
    const label = subject.label(olds);
    if (node !== undefined && homeOf(location, former).node === node && !nodeNames(known).includes(node))
      return {
        failures: refused("active", [
          `${label} is on ${node}, which would be no candidate any more; fail over first, to one of: ${nodeNames(known).join(", ")}`,
        ]),
      };
    if (another) return await this.becomes(olds, known, node);
    if (node !== undefined && homeOf(location, former).node === node) {
      if (node !== olds.activeNode)
        say(`${label} is on ${node}, not on ${olds.activeNode ?? "one node"} as last seen: it stays there.`);
      return { node, failures: [] };
    }
    const found = `${label} is on no single node (${whereOf(location, former) ?? "it is nowhere"})`;
    const reasons =
      node === undefined ? [] : await subject.refusals(known, node, subject.withFormer(olds, known));
    if (node === undefined || reasons.length > 0) {
      say([`warning: ${found}. It is left as it is: choose its active node.`, ...reasons].join("\n"));
      return { failures: [] };
    }
    say(`${found}. It goes to ${node}, which had it last.`);
    return { node, failures: [] };
  }

  /** A new resource: the service may be there already, made by another resource or by hand. */
  private async firstNode(news: Inputs): Promise<Plan> {
    if (hasUnknown(news)) return { node: news.initial, failures: [] };
    const { subject } = this;
    const location = await subject.look(news);
    const { node } = homeOf(location);
    if (node !== undefined) {
      say(`${subject.label(news)} is there already, on ${node}: it stays there.`);
      return { node, failures: [] };
    }
    if (location.state === "absent") return { node: news.initial, failures: [] };
    const found = `${subject.label(news)} is on no single node (${whereOf(location) ?? "nowhere"}), and none is chosen`;
    return { failures: refused("active", [`${found}; choose its active node, or remove what is there`]) };
  }

  /** It gets another identity, e.g. another address, on the node that has it. */
  private async becomes(olds: Inputs, news: Inputs, node: string | undefined): Promise<Plan> {
    const { subject } = this;
    const target = node ?? news.initial;
    const reasons = await subject.refusals(news, target);
    say(`${subject.label(olds)} becomes ${subject.label(news)}, on ${target}.`);
    const { renamed } = subject.facts;
    if (renamed !== undefined) say(`warning: ${renamed(serviceOf(olds), serviceOf(news))}`);
    return { node: target, failures: refused(subject.facts.identity.at(-1) ?? "active", reasons) };
  }

  /**
   * Whether the service was not whole on the planned node when the engine last saw it. One for which no node is chosen
   * and that is on none goes to the node that had it last, if that can have it; else it is left, and that is said.
   */
  async isUnsettled(olds: State, news: Inputs): Promise<boolean> {
    const { activeNode } = news;
    const isWhole = isSettled(olds.location, olds.where);
    if (activeNode === olds.activeNode) return activeNode !== undefined && !isWhole;
    if (news.active !== undefined || olds.activeNode !== undefined || activeNode === undefined) return true;
    const { subject } = this;
    const reasons = await plainly(`Looking at ${activeNode}`, () => subject.refusals(news, activeNode));
    if (reasons.length > 0)
      say(
        [
          `warning: ${subject.label(news)} is on no single node, and ${activeNode}, which had it last, can't have it:`,
        ]
          .concat(reasons, "It is left as it is: choose its active node.")
          .join("\n"),
      );
    return reasons.length === 0;
  }

  /** What was judged is carried out: the next look is at something else. */
  done(news: Inputs): void {
    this.judged.delete(`${this.subject.idOf(news)} ${news.active ?? ""}`);
  }

  /**
   * Whether the service is not where it was chosen to be, or not as it should be there. AWS is asked, not the state: a
   * choice that is old and met costs one call, and a plan that says "no changes" is true. A move back that can't work is
   * refused here, unless `plan` has judged it.
   */
  async isOffChoice(news: Inputs): Promise<boolean> {
    const { active } = news;
    const { subject } = this;
    if (active === undefined || hasUnknown(news)) return false;
    if (this.judged.delete(`${subject.idOf(news)} ${active}`)) return false;
    const location = await plainly(`Looking for ${subject.label(news)}`, () => subject.look(news));
    if (location.state === "at" && location.node === active)
      return !isSettled(location.state, location.places);
    const back = `from ${whereOf(location) ?? "nowhere"} back to ${active}, which was chosen`;
    await plainly(`Moving ${subject.label(news)} ${back} before others moved it,`, async () => {
      const reasons = await subject.refusals(news, active);
      if (reasons.length === 0) return;
      throw new Error(`${reasons.join("\n")}\nOr let it stay where it is: unset the active node.`);
    });
    say(`${subject.label(news)} moves ${back}.`);
    return true;
  }
}

/** Whether nothing is asked for that was not asked for before. */
export function isUnchanged(olds: Inputs, news: Inputs): boolean {
  return (
    sameValue(serviceOf(olds), serviceOf(news)) &&
    olds.active === news.active &&
    olds.profile === news.profile
  );
}
