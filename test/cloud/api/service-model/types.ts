/** What a service's parameters are, as botocore's model of it says: only what the gateway looks at. */
export interface ServiceModel {
  readonly operations: Readonly<Record<string, Operation>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

export interface Operation {
  /** The shape of the parameters; absent if the action has none. */
  readonly input?: string;
  /** The names of the filters that the action's documentation lists. */
  readonly filters?: readonly string[];
  readonly pages?: Pages;
}

/** How the action's answer comes in pages: names of parameters and of elements of the answer. */
export interface Pages {
  readonly input: string;
  readonly output: string;
  readonly limit?: string;
  readonly more?: string;
  readonly results: readonly string[];
}

export interface Member {
  readonly shape: string;
  readonly locationName?: string;
  readonly queryName?: string;
  readonly location?: string;
}

export interface Shape {
  readonly type: string;
  readonly members?: Readonly<Record<string, Member>>;
  readonly required?: readonly string[];
  readonly member?: Member;
  readonly flattened?: boolean;
  readonly enum?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
}

/** The models by the gateway's names of the services. */
export type ServiceModels = Readonly<Record<string, ServiceModel>>;
