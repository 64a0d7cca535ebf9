/** Rules of security groups as single permissions: one protocol, one range, one source. */
import { type IpPermission } from "@aws-sdk/client-ec2";
import { type Values } from "../../../frame/values";
import { cidr } from "../../normalise";

export interface Permission {
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  readonly kind: "cidr" | "cidr6" | "prefix" | "group";
  readonly source: string;
  readonly description: string;
}

const NUMBERS: Readonly<Record<string, string>> = {
  all: "-1",
  "6": "tcp",
  "17": "udp",
  "1": "icmp",
  "58": "icmpv6",
};

/** Protocols have names and numbers, which AWS takes for the same. */
export function protocol(value: string): string {
  const lower = value.toLowerCase();
  return NUMBERS[lower] ?? lower;
}

const textList = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
const numberOf = (value: unknown): number => (typeof value === "number" ? value : 0);

/** @param groupId the rule's own group, which `self` stands for */
export function permissionsOf(rule: Values, groupId: string): Permission[] {
  const name = protocol(String(rule["protocol"]));
  const all = name === "-1";
  const base = {
    protocol: name,
    from: all ? 0 : numberOf(rule["fromPort"]),
    to: all ? 0 : numberOf(rule["toPort"]),
    description: typeof rule["description"] === "string" ? rule["description"] : "",
  };
  const groups = [...textList(rule["securityGroups"]), ...(rule["self"] === true ? [groupId] : [])];
  const sources: [Permission["kind"], string[]][] = [
    ["cidr", textList(rule["cidrBlocks"]).map(cidr)],
    ["cidr6", textList(rule["ipv6CidrBlocks"]).map(cidr)],
    ["prefix", textList(rule["prefixListIds"])],
    ["group", groups],
  ];
  return sources.flatMap(([kind, list]) => list.map((source) => ({ ...base, kind, source })));
}

export const keyOf = (permission: Permission): string =>
  [
    permission.protocol,
    permission.from,
    permission.to,
    permission.kind,
    permission.source,
    permission.description,
  ].join("|");

export function fromAws(found: readonly IpPermission[] | undefined): Permission[] {
  return (found ?? []).flatMap((it) => {
    const name = protocol(it.IpProtocol ?? "-1");
    const all = name === "-1";
    const base = { protocol: name, from: all ? 0 : (it.FromPort ?? 0), to: all ? 0 : (it.ToPort ?? 0) };
    const one = (
      kind: Permission["kind"],
      source: string | undefined,
      description: string | undefined,
    ): Permission => ({
      ...base,
      kind,
      source: source ?? "",
      description: description ?? "",
    });
    return [
      ...(it.IpRanges ?? []).map((range) => one("cidr", range.CidrIp, range.Description)),
      ...(it.Ipv6Ranges ?? []).map((range) => one("cidr6", range.CidrIpv6, range.Description)),
      ...(it.PrefixListIds ?? []).map((list) => one("prefix", list.PrefixListId, list.Description)),
      ...(it.UserIdGroupPairs ?? []).map((pair) => one("group", pair.GroupId, pair.Description)),
    ];
  });
}

export function toAws(permission: Permission): IpPermission {
  const { kind, source, description } = permission;
  const Description = description === "" ? undefined : description;
  return {
    IpProtocol: permission.protocol,
    ...(permission.protocol === "-1" ? {} : { FromPort: permission.from, ToPort: permission.to }),
    ...(kind === "cidr" ? { IpRanges: [{ CidrIp: source, Description }] } : {}),
    ...(kind === "cidr6" ? { Ipv6Ranges: [{ CidrIpv6: source, Description }] } : {}),
    ...(kind === "prefix" ? { PrefixListIds: [{ PrefixListId: source, Description }] } : {}),
    ...(kind === "group" ? { UserIdGroupPairs: [{ GroupId: source, Description }] } : {}),
  };
}

/**
 * What is there, in the program's grouping: a rule of the program that is there as a whole stays as it is written,
 * so that the order and grouping of sources, which AWS doesn't keep, make no difference.
 */
export function grouped(found: readonly Permission[], rules: readonly Values[], groupId: string): Values[] {
  const left = new Map(found.map((permission) => [keyOf(permission), permission]));
  const present: Values[] = [];
  for (const rule of rules) {
    const keys = permissionsOf(rule, groupId).map(keyOf);
    if (keys.length === 0 || !keys.every((key) => left.has(key))) continue;
    keys.forEach((key) => left.delete(key));
    present.push(rule);
  }
  return [...present, ...gathered([...left.values()], groupId)];
}

/** As the official provider gathers: one rule per protocol, range and description. */
function gathered(permissions: readonly Permission[], groupId: string): Values[] {
  const groups = new Map<string, Permission[]>();
  for (const permission of permissions) {
    const key = [permission.protocol, permission.from, permission.to, permission.description].join("|");
    groups.set(key, [...(groups.get(key) ?? []), permission]);
  }
  return [...groups.values()].map((members) => {
    const [first] = members;
    const of = (kind: Permission["kind"]): string[] =>
      members.filter((m) => m.kind === kind).map((m) => m.source);
    return {
      protocol: first?.protocol,
      fromPort: first?.from,
      toPort: first?.to,
      description: first?.description ?? "",
      cidrBlocks: of("cidr"),
      ipv6CidrBlocks: of("cidr6"),
      prefixListIds: of("prefix"),
      securityGroups: of("group").filter((source) => source !== groupId),
      self: of("group").includes(groupId),
    };
  });
}
