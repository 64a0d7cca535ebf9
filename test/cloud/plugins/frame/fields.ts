/** The vocabulary in which a type declares its properties; everything the frame does follows from it. */

export type Kind = "string" | "number" | "boolean" | "map" | "list" | "set" | "object" | "any";

export interface Options<T> {
  /** A change makes a new resource ("forces new resource" in the official provider's documentation). */
  readonly forceNew?: boolean;
  /** Left out, the value is the cloud's: no difference is reported for it (optional and computed). */
  readonly computed?: boolean;
  /** Part of the program's inputs when the program leaves it out, as the official provider does. */
  readonly default?: T;
  /** The values that are allowed. */
  readonly values?: readonly T[];
  /** Brings equal values of different spelling to one; used to compare, never to change what is sent. */
  readonly normalise?: (value: T) => unknown;
  /** Only tells the provider how to act: it is kept in the state, and a change of it alone does nothing in the cloud. */
  readonly local?: boolean;
  /** Never shown: the value is marked secret in the state. */
  readonly secret?: boolean;
  /** Derived by the plugin from other inputs and compared; a program can't set it. */
  readonly internal?: boolean;
}

export interface Field<T = unknown> {
  readonly kind: Kind;
  readonly required?: boolean;
  readonly forceNew?: boolean;
  readonly computed?: boolean;
  readonly default?: unknown;
  readonly values?: readonly unknown[];
  readonly local?: boolean;
  readonly secret?: boolean;
  readonly internal?: boolean;
  readonly of?: Field;
  readonly fields?: Fields;
  /** Carries the type; never set. */
  readonly type?: { readonly value: T };
  normalise?(value: unknown): unknown;
}

export type Fields = Readonly<Record<string, Field>>;
type TypeOf<F> = F extends { readonly type?: { readonly value: infer T } } ? T : never;
type RequiredKeys<F> = { [K in keyof F]: F[K] extends { required: true } ? K : never }[keyof F];
export type In<F> = { readonly [K in RequiredKeys<F>]: TypeOf<F[K]> } & {
  readonly [K in Exclude<keyof F, RequiredKeys<F>>]?: TypeOf<F[K]>;
};

function field<T>(kind: Kind, options: Options<T>, shape: { of?: Field; fields?: Fields } = {}): Field<T> {
  return { kind, ...options, ...shape } as Field<T>;
}

export const text = (options: Options<string> = {}): Field<string> => field("string", options);
export const number = (options: Options<number> = {}): Field<number> => field("number", options);
export const flag = (options: Options<boolean> = {}): Field<boolean> => field("boolean", options);
export const map = (options: Options<Record<string, string>> = {}): Field<Record<string, string>> =>
  field("map", options, { of: text() });
export const list = <T>(of: Field<T>, options: Options<T[]> = {}): Field<T[]> =>
  field("list", options, { of: of as Field });
/** A list whose order means nothing. */
export const set = <T>(of: Field<T>, options: Options<T[]> = {}): Field<T[]> =>
  field("set", options, { of: of as Field });
export const object = <F extends Fields>(fields: F, options: Options<In<F>> = {}): Field<In<F>> =>
  field("object", options, { fields });
export const anything = (options: Options<unknown> = {}): Field => field("any", options);

export const required = <T>(of: Field<T>): Field<T> & { readonly required: true } => ({
  ...of,
  required: true,
});

/** Names in one text: `words("arn ownerId")`. */
export const words = (names: string): string[] => names.split(/\s+/).filter((name) => name !== "");
