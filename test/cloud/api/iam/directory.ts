import { at, itemsAt, parseXml, textAt, type XmlElement } from "../gateway/xml";
import type { Params } from "../gateway/params";
import type { Reply } from "../gateway/reply";

export interface NamedPolicy {
  name: string;
  policy: unknown;
}

export interface Role {
  name: string;
  arn: string;
  id: string;
  trust: unknown;
  policies: NamedPolicy[];
  /** The role may do no more than its boundary says, whatever its policies allow. */
  boundary?: NamedPolicy;
  profiles: string[];
}

export interface User {
  name: string;
  arn: string;
  id: string;
  policies: NamedPolicy[];
}

export interface Account {
  users: Map<string, User>;
  roles: Map<string, Role>;
  /** Managed policies of the account, by ARN. */
  policies: Map<string, unknown>;
}

/** Asks moto's IAM in a region. */
export type AskIam = (region: string, action: string, params: Params) => Promise<Reply>;

const HOME_REGIONS: Record<string, string> = { "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1" };

/** The entities of IAM with their policies, as moto has them; remembered until something in IAM changes. */
export class Directory {
  private accounts = new Map<string, Promise<Account>>();

  constructor(private readonly ask: AskIam) {}

  changed(): void {
    this.accounts = new Map();
  }

  account(partition: string): Promise<Account> {
    const present = this.accounts.get(partition);
    if (present !== undefined) return present;
    const loading = this.load(HOME_REGIONS[partition] ?? "us-east-1");
    this.accounts.set(partition, loading);
    loading.catch(() => this.accounts.delete(partition));
    return loading;
  }

  private async load(region: string): Promise<Account> {
    const managed = new Map<string, unknown>();
    const users: XmlElement[] = [];
    const groups: XmlElement[] = [];
    const roles: XmlElement[] = [];
    let marker = "";
    do {
      const params: Params = marker === "" ? {} : { Marker: marker };
      const reply = await this.ask(region, "GetAccountAuthorizationDetails", params);
      const result = at(
        parseXml(reply.body),
        "GetAccountAuthorizationDetailsResponse.GetAccountAuthorizationDetailsResult",
      );
      users.push(...itemsAt(result, "UserDetailList"));
      groups.push(...itemsAt(result, "GroupDetailList"));
      roles.push(...itemsAt(result, "RoleDetailList"));
      for (const policy of itemsAt(result, "Policies")) {
        const version = itemsAt(policy, "PolicyVersionList").find(
          (one) => textAt(one, "IsDefaultVersion") === "true",
        );
        if (version !== undefined) managed.set(textAt(policy, "Arn"), document(textAt(version, "Document")));
      }
      marker = textAt(result, "Marker");
    } while (marker !== "");
    return understood(users, groups, roles, managed);
  }
}

function understood(
  users: XmlElement[],
  groups: XmlElement[],
  roles: XmlElement[],
  managed: Map<string, unknown>,
): Account {
  const policiesOf = (entity: XmlElement, inline: string): NamedPolicy[] => [
    ...itemsAt(entity, inline).map((one) => ({
      name: textAt(one, "PolicyName"),
      policy: document(textAt(one, "PolicyDocument")),
    })),
    ...itemsAt(entity, "AttachedManagedPolicies").map((one) => {
      const arn = textAt(one, "PolicyArn");
      if (!managed.has(arn)) throw new Error(`the document of the managed policy ${arn} is not known`);
      return { name: arn, policy: managed.get(arn) };
    }),
  ];
  const ofGroup = new Map(
    groups.map((group) => [textAt(group, "GroupName"), policiesOf(group, "GroupPolicyList")]),
  );
  const groupsOf = (user: XmlElement): string[] => {
    const list = at(user, "GroupList.member");
    return Array.isArray(list) ? list.filter((one): one is string => typeof one === "string") : [];
  };
  const identity = (entity: XmlElement, kind: string): { name: string; arn: string; id: string } => ({
    name: textAt(entity, `${kind}Name`),
    arn: textAt(entity, "Arn"),
    id: textAt(entity, `${kind}Id`),
  });
  const boundaryOf = (role: XmlElement): { boundary?: NamedPolicy } => {
    const name = textAt(role, "PermissionsBoundary.PermissionsBoundaryArn");
    return name === "" ? {} : { boundary: { name, policy: managed.get(name) } };
  };
  return {
    policies: managed,
    users: new Map(
      users.map((user) => {
        const policies = [
          ...policiesOf(user, "UserPolicyList"),
          ...groupsOf(user).flatMap((group) => ofGroup.get(group) ?? []),
        ];
        return [textAt(user, "UserName"), { ...identity(user, "User"), policies }];
      }),
    ),
    roles: new Map(
      roles.map((role) => [
        textAt(role, "RoleName"),
        {
          ...identity(role, "Role"),
          trust: document(textAt(role, "AssumeRolePolicyDocument")),
          policies: policiesOf(role, "RolePolicyList"),
          ...boundaryOf(role),
          profiles: itemsAt(role, "InstanceProfileList").map((one) => textAt(one, "Arn")),
        },
      ]),
    ),
  };
}

/** A policy document; some of IAM's answers encode it as a URL part. */
function document(text: string): unknown {
  return JSON.parse(text.trimStart().startsWith("{") ? text : decodeURIComponent(text));
}
