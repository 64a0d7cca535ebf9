import type { Kind } from "../../components/failover/mechanisms";

/** Options that the state keeps of a resource; what an update doesn't repeat, it takes away. */
export interface KeptOptions {
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  /** URN. */
  readonly deletedWith?: string;
  /** URNs. */
  readonly replaceWith?: readonly string[];
  /** URNs. */
  readonly aliases?: readonly string[];
  /** Seconds by operation. */
  readonly customTimeouts?: Readonly<Record<string, number | undefined>>;
  readonly additionalSecretOutputs?: readonly string[];
  readonly ignoreChanges?: readonly string[];
  readonly replaceOnChanges?: readonly string[];
}

/** A component, which a program has to register anew to put a resource into it. */
export interface Component {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly options: KeptOptions;
}

/** A resource and the components that it is in, from the outermost one; all of them make up its URN. */
export interface Placed {
  readonly parents: readonly Component[];
  readonly name: string;
  readonly options: KeptOptions;
}

/** What the reduced program repeats and what it changes, read from the stack's state. */
export interface FailoverOrder extends Placed {
  readonly kind: Kind;
  /** Name of the service: its key in the output `services`. */
  readonly service: string;
  readonly active: string;
  /** All inputs but those that the choice decides. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** The process that carries the move out, if it is a resource of the stack. */
  readonly provider?: Placed;
  /** URNs of the resources that the service's resource depends on, so that the state keeps the order of a destroy. */
  readonly dependencies: readonly string[];
  /** The same by input: a resource that is replaced is unknown to those inputs only that depend on it. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  /** The stack's outputs, which a program has to give anew at each update. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/**
 * The first engine that keeps dependencies on resources which a targeted program does not register. Older ones would
 * write a state that they then refuse; with them a failover runs the whole program.
 */
export const reducedSince = "3.274.1";

/** How the state marks a secret (`sdk/go/common/resource/sig`); its value follows as JSON, if it was asked for. */
export const secretMark = {
  key: "4dabf18193072939515e22adb298388d",
  value: "1b47061264138c4ac30d75fd1eb44270",
};
