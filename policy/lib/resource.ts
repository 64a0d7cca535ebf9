import { plainProps, type Props } from "./values";

/** What a rule sees of one resource: its inputs in a resource rule, its outputs in a stack rule. */
export interface Resource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly props: Props;
  readonly protect: boolean;
  /** Configuration of its provider, e.g. `region`. */
  readonly provider: Props;
}

/** The part of the SDK's argument bags that resource and stack rules have in common. */
export interface SdkResource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly props: Props;
  readonly opts: { readonly protect: boolean };
  readonly provider?: { readonly props: Props };
}

export function toResource({ type, name, urn, props, opts, provider }: SdkResource): Resource {
  return {
    type,
    name,
    urn,
    props: plainProps(props),
    protect: opts.protect,
    provider: provider === undefined ? {} : plainProps(provider.props),
  };
}

/** `Instance overlay-pair-node1`, as messages name a resource. */
export function describe({ type, name }: Resource): string {
  return `${type.slice(type.lastIndexOf(":") + 1)} ${name}`;
}
