/** Ways to make one mistake in a program that is otherwise the lab's. */
import * as pulumi from "@pulumi/pulumi";
import { types } from "../../../policy/lib/types";

type Args = pulumi.ResourceTransformationArgs;
type Props = Record<string, unknown>;

/** Resources that the program has made so far. */
export class Seen {
  private readonly resources = new Map<string, pulumi.Resource>();

  add({ type, name, resource }: Args): void {
    this.resources.set(`${type} ${name}`, resource);
  }

  /** An output of a resource that has been made by now. */
  output(type: string, name: string, property = "id"): pulumi.Output<unknown> {
    const resource = this.resources.get(`${type} ${name}`);
    if (resource === undefined) throw new Error(`The lab has no ${type} ${name}: the mutant is out of date`);
    return (resource as unknown as Record<string, pulumi.Output<unknown>>)[
      property
    ] as pulumi.Output<unknown>;
  }
}

export interface Mutant {
  /** Properties of a resource that is about to be made; undefined: not the one. */
  readonly change?: (args: Args, seen: Seen) => Props | undefined;
  /** What is added when the lab is complete. */
  readonly add?: (seen: Seen) => void;
}

/** Other properties for one resource. */
export function change(type: string, name: string, edit: (props: Props, seen: Seen) => Props): Mutant {
  return {
    change: (args, seen) => {
      if (args.type !== type || args.name !== name) return undefined;
      const props = args.props as Props;
      return { ...props, ...edit(props, seen) };
    },
  };
}

export function instance(name: string, edit: (props: Props, seen: Seen) => Props): Mutant {
  return change(types.instance, name, edit);
}

/** Other values in what a failover service is about; what is undefined is left out. */
export function service(type: string, name: string, edit: (service: Props, seen: Seen) => Props): Mutant {
  return change(type, name, edit);
}

export interface Block {
  readonly protocol: string;
  readonly description?: string;
  readonly fromPort?: number;
}

export function ingress(name: string, edit: (blocks: readonly Block[]) => readonly object[]): Mutant {
  return change(types.securityGroup, name, (props) => ({
    ingress: pulumi.output(props.ingress as Block[]).apply((blocks) => edit(blocks)),
  }));
}

export function userData(name: string, edit: (text: string) => string): Mutant {
  return instance(name, (props) => ({
    userData: pulumi.output(props.userData as pulumi.Input<string>).apply(edit),
  }));
}

/** A statement instead of what the overlay pair's nodes may do. */
export function permission(statement: object): Mutant {
  const policy = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
  return change("aws:iam/rolePolicy:RolePolicy", "overlay-pair-overlay-ip", () => ({ policy }));
}
