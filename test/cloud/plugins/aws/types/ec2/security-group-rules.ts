/** Inline rules of a security group: the group has these and no others. */
import { flag, number, object, required, set, text } from "../../../frame/fields";
import { isValues, type Values } from "../../../frame/values";
import { type AwsContext } from "../../context";
import { cidr } from "../../normalise";
import { keyOf, type Permission, permissionsOf, protocol, toAws } from "./permissions";

export const rulesField = set(
  object({
    protocol: required(text({ normalise: protocol })),
    fromPort: required(number()),
    toPort: required(number()),
    cidrBlocks: set(text({ normalise: cidr })),
    ipv6CidrBlocks: set(text({ normalise: cidr })),
    prefixListIds: set(text()),
    securityGroups: set(text()),
    self: flag(),
    description: text(),
  }),
  { computed: true },
);

export type Direction = "Ingress" | "Egress";
export const asRules = (value: unknown): Values[] => (Array.isArray(value) ? value.filter(isValues) : []);

/** Adds what is missing before it takes away what is too much, so that nothing that stays is cut off in between. */
export async function applyRules(
  context: AwsContext,
  groupId: string,
  direction: Direction,
  wanted: readonly Values[],
  had: readonly Permission[],
): Promise<void> {
  const after = new Map(wanted.flatMap((rule) => permissionsOf(rule, groupId)).map((p) => [keyOf(p), p]));
  const before = new Map(had.map((p) => [keyOf(p), p]));
  const more = [...after].filter(([key]) => !before.has(key)).map(([, p]) => p);
  const less = [...before].filter(([key]) => !after.has(key)).map(([, p]) => p);
  // Of a rule that only gets another description AWS keeps one copy: the old one goes first.
  const clash = more.some((a) =>
    less.some((b) => keyOf({ ...a, description: "" }) === keyOf({ ...b, description: "" })),
  );
  const steps = [
    () => authorise(context, groupId, direction, more),
    () => revoke(context, groupId, direction, less),
  ];
  for (const step of clash ? steps.reverse() : steps) await step();
}

export async function authorise(
  context: AwsContext,
  groupId: string,
  direction: Direction,
  permissions: readonly Permission[],
): Promise<void> {
  if (permissions.length === 0) return;
  const input = { GroupId: groupId, IpPermissions: permissions.map(toAws) };
  if (direction === "Ingress") await context.ec2("AuthorizeSecurityGroupIngress", input);
  else await context.ec2("AuthorizeSecurityGroupEgress", input);
}

export async function revoke(
  context: AwsContext,
  groupId: string,
  direction: Direction,
  permissions: readonly Permission[],
): Promise<void> {
  if (permissions.length === 0) return;
  const input = { GroupId: groupId, IpPermissions: permissions.map(toAws) };
  if (direction === "Ingress") await context.ec2("RevokeSecurityGroupIngress", input);
  else await context.ec2("RevokeSecurityGroupEgress", input);
}
