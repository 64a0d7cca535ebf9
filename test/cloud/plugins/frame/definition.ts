import { type Fields, type In } from "./fields";
import { type Values } from "./values";

export interface Problem {
  readonly property: string;
  readonly reason: string;
}

/** What every handler gets, whatever cloud it talks to. */
export interface Context {
  /** Aborted when the engine cancels the update. */
  readonly signal: AbortSignal;
  /** The resource's logical name in the program. */
  readonly name: string;
  /** For messages: "creating aws:ec2/vpc:Vpc main". */
  readonly doing: string;
  /** Called as soon as the thing exists: if what follows fails, the engine learns the id and nothing is orphaned. */
  created(id: string): void;
  /** Takes secret values out of a text that a person or a log will see. */
  hide(text: string): string;
  /** Told to the person who watches the update. */
  say(message: string, severity?: "debug" | "info"): void;
}

/** What is known of a resource when it is read; both are empty on import. */
export interface Prior {
  readonly inputs: Values;
  readonly state: Values;
}

/** The top-level properties that differ. */
export interface Changes {
  has(...properties: string[]): boolean;
}

export interface Definition<F extends Fields = Fields, C extends Context = Context> {
  readonly token: string;
  /** Everything a program may set. What isn't here is refused with its name. */
  readonly inputs: F;
  /** What the cloud adds: unknown until the resource exists. */
  readonly outputs: readonly string[];
  /** Outputs that an update of these inputs changes, so that a preview doesn't show the old value. */
  readonly follows?: Readonly<Record<string, readonly string[]>>;
  /** The property that gets a generated name when the program gives none. */
  readonly autoname?: { readonly property: string; readonly max: number };
  /** There is nothing to read back: after a failed update the old state holds, and the update is tried again as a whole. */
  readonly virtual?: boolean;
  /** Outputs made from these inputs: secret if one of them is. */
  readonly derives?: Readonly<Record<string, readonly string[]>>;
  /** Values that messages may show although they lie inside something secret: `connection.host`. */
  readonly shows?: readonly string[];
  /** A second one can't exist beside the first. */
  readonly deleteBeforeReplace?: boolean;
  /** Error codes that mean that the thing isn't there (any more). */
  readonly gone: readonly string[];
  /** Error codes after which a deletion is tried again for a while: others have to go first. */
  readonly busy?: readonly string[];
  /** Rules over several inputs. Unknown values arrive as UNKNOWN: let them pass. */
  check?(inputs: Partial<In<F>>): Problem[];
  /** Replacement that depends on the values; called for properties that differ and aren't forceNew. */
  replaces?(property: string, news: Partial<In<F>>, state: Values): boolean;
  /** Brings the desired value of properties into the state's shape before they are compared. */
  desired?(news: Values, state: Values, context: C): Values;
  create(context: C, inputs: In<F>): Promise<string>;
  /** The state, or undefined if it isn't there. `id` in it replaces the id that was asked for (import forms). */
  read(context: C, id: string, prior: Prior): Promise<Values | undefined>;
  update?(context: C, id: string, news: In<F>, changes: Changes, state: Values): Promise<void>;
  delete(context: C, id: string, state: Values, inputs: Values): Promise<void>;
}

export type AnyDefinition<C extends Context> = Definition<Fields, C>;

export interface InvokeDefinition<F extends Fields = Fields, C extends Context = Context> {
  readonly token: string;
  readonly inputs: F;
  run(context: C, inputs: In<F>): Promise<Values>;
}

export type AnyInvoke<C extends Context> = InvokeDefinition<Fields, C>;
