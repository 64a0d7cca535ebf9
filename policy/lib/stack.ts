import type { PolicyResource } from "@pulumi/policy";
import { type Resource, toResource } from "./resource";
import { asText, at, hasUnknown, leaves, type Props, UNKNOWN } from "./values";

/** A resource of a stack, with what it is connected to. */
export interface Member extends Resource {
  readonly sdk: PolicyResource;
}

export interface Link {
  readonly members: readonly Member[];
  /** Whether that is all: false where an id belongs to something outside the stack, or comes from nowhere known. */
  readonly complete: boolean;
}

/**
 * The resources of a stack and how they belong together. Ids are unknown until resources exist, so a connection is
 * found by id where ids are known, and otherwise by what the engine says a property was made from.
 */
export class Stack {
  readonly members: readonly Member[];
  private readonly byUrn: ReadonlyMap<string, Member>;

  constructor(resources: readonly PolicyResource[]) {
    this.members = resources.map((sdk) => {
      const resource = toResource(sdk);
      return { ...resource, props: withoutOutputsToCome(resource.props, sdk), sdk };
    });
    this.byUrn = new Map(this.members.map((member) => [member.urn, member]));
  }

  ofType(...wanted: readonly string[]): readonly Member[] {
    return this.members.filter((member) => wanted.includes(member.type));
  }

  /** Resources of the wanted types whose ids a property (or a value within it) holds. */
  linked(
    from: Member,
    property: string,
    wanted: readonly string[],
    ...path: readonly (string | number)[]
  ): Link {
    const value = at(from.props, property, ...path);
    const ids = leaves(value).filter((id) => id !== "");
    const byId = this.ofType(...wanted).filter((member) => idsOf(member).some((id) => ids.includes(id)));
    const sources = this.sources(from, property).filter((member) => wanted.includes(member.type));
    const members = hasUnknown(value) ? sources : sources.filter((member) => idsOf(member).length === 0);
    const all = [...new Set([...byId, ...(value === undefined ? [] : members)])];
    const complete = hasUnknown(value) ? members.length > 0 : all.length >= new Set(ids).size;
    return { members: all, complete };
  }

  /** Resources of the wanted types that hold a member's id in a property. */
  linkedTo(
    target: Member,
    wanted: readonly string[],
    property: string,
    ...path: readonly (string | number)[]
  ): Member[] {
    return this.ofType(...wanted).filter((member) =>
      this.linked(member, property, [target.type], ...path).members.includes(target),
    );
  }

  /** Whether a resource is, at any depth, a child of a component of such a type. */
  isWithin(member: Member, isComponent: (type: string) => boolean): boolean {
    for (let above = member.sdk.parent; above !== undefined; above = above.parent) {
      if (isComponent(above.type)) return true;
    }
    return false;
  }

  /** What a property was made from, as the engine has recorded it. */
  private sources(from: Member, property: string): readonly Member[] {
    const sources = from.sdk.propertyDependencies[property] ?? [];
    return sources.flatMap(({ urn }) => this.byUrn.get(urn) ?? []);
  }
}

/**
 * In a preview, everything that a program leaves out and the cloud fills in is unknown, as if it were unset to anything.
 * An unknown value that the program did give comes from another resource, and the engine has recorded which.
 */
function withoutOutputsToCome(props: Props, sdk: PolicyResource): Props {
  const given = ([key, value]: [string, unknown]): boolean =>
    value !== UNKNOWN || (sdk.propertyDependencies[key] ?? []).length > 0;
  return Object.fromEntries(Object.entries(props).filter(given));
}

/** Types whose names are ids: what names them may have either. */
const named = /^aws:(?:iam\/|autoscaling\/|ec2\/launch)/;

/** Ids by which others name a resource; a zone has its own, and an instance stands for its primary interface too. */
function idsOf({ type, props }: Resource): string[] {
  const keys = [
    "id",
    "arn",
    "zoneId",
    "primaryNetworkInterfaceId",
    "mainRouteTableId",
    "defaultRouteTableId",
  ];
  return [...keys, ...(named.test(type) ? ["name"] : [])].flatMap((key) => asText(props[key]) ?? []);
}
