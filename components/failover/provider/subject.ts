/** A kind of service and how AWS is asked about one of them: what the provider's methods have in common. */
import type { ServiceShape } from "../core/facts";
import type { MechanismFacts } from "../core/facts";
import type { Location, Problem } from "../core/contract";
import type { Context } from "../core/context";
import { say } from "./say";
import { type Former, formerOf, type Inputs, serviceOf } from "./states";
import { sameValue } from "./values";

export class Subject {
  constructor(
    readonly facts: MechanismFacts,
    private readonly contextOf: (profile?: string) => Context,
  ) {}

  context(inputs: Inputs): Context {
    return this.contextOf(inputs.profile);
  }

  label(inputs: Inputs): string {
    return this.facts.label(serviceOf(inputs));
  }

  idOf(inputs: Inputs): string {
    return this.facts.identity.map((key) => String(inputs[key])).join("/");
  }

  look(inputs: Inputs): Promise<Location> {
    return this.facts.mechanism.locate(serviceOf(inputs), this.context(inputs));
  }

  /** A look at everything that the service promises, for a refresh. */
  async inspect(inputs: Inputs): Promise<Location> {
    const { mechanism } = this.facts;
    const location = await this.look(inputs);
    return (await mechanism.inspect?.(serviceOf(inputs), location, this.context(inputs))) ?? location;
  }

  /** Whether they describe another service, e.g. one with another address. */
  isAnother(olds: Inputs, news: Inputs): boolean {
    return this.facts.identity.some((key) => !sameValue(olds[key], news[key]));
  }

  former(olds: Inputs | undefined, news: Inputs): Former {
    if (olds === undefined) return new Map();
    return formerOf(this.facts.candidate.id, serviceOf(olds), serviceOf(news));
  }

  /** The service, knowing what its nodes had before they were replaced. */
  withFormer(olds: Inputs | undefined, news: Inputs): ServiceShape {
    const former = [...this.former(olds, news).keys()];
    const service = serviceOf(news);
    return former.length === 0 ? service : { ...service, [this.facts.candidate.former]: former };
  }

  /** Every reason why the service can't be moved to a node. */
  async refusals(news: Inputs, target: string, service = serviceOf(news)): Promise<string[]> {
    const problems = await this.facts.mechanism.preflight(service, target, this.context(news));
    const text = ({ subject, reason, remedy }: Problem): string => `${subject} ${reason}; ${remedy}`;
    for (const problem of problems) if (problem.note) say(`warning: ${text(problem)}`);
    return problems.filter(({ note }) => !note).map(text);
  }
}
