import { type AnyDefinition, type AnyInvoke, type Context } from "./definition";
import { type Fields } from "./fields";
import { type Values } from "./values";

/** A resource plugin: what it knows, and how it gets from configuration to a context for its handlers. */
export interface Plugin<C extends Context> {
  readonly name: string;
  readonly version: string;
  readonly types: ReadonlyMap<string, AnyDefinition<C>>;
  readonly invokes: ReadonlyMap<string, AnyInvoke<C>>;
  /** The provider's own configuration. */
  readonly config: Fields;
  /** Where a type or a property is added; ends the message that refuses it. */
  readonly remedy: string;
  configure(config: Values): void;
  context(base: Context, values: Values): C;
  /** The cloud's error in words for a person, with the remedy if it is known. */
  explain(error: unknown): string;
}
