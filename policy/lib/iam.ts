import type { Resource } from "./resource";
import { asList, asText, at, leaves, type Props, texts } from "./values";

/** A statement that allows something. */
export interface AllowStatement {
  /** Where it stands, for messages: `statement MoveTheRoute` or `statement 2`. */
  readonly at: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: Props;
}

const inline: Readonly<Record<string, string>> = {
  "aws:iam/policy:Policy": "policy",
  "aws:iam/rolePolicy:RolePolicy": "policy",
  "aws:iam/userPolicy:UserPolicy": "policy",
  "aws:iam/groupPolicy:GroupPolicy": "policy",
  "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy": "inlinePolicy",
};
const role = "aws:iam/role:Role";

const attachmentNames = ["Role", "User", "Group"].flatMap((kind) => [
  `${kind}PolicyAttachment`,
  // All attachments of a role, user or group at once; what is not listed is taken away.
  `${kind}PolicyAttachmentsExclusive`,
]);

/** Types that attach managed policies, with the property that names them. */
const attachments: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ["PolicyAttachment", ...attachmentNames].map((name) => [
      `aws:iam/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`,
      name.endsWith("Exclusive") ? "policyArns" : "policyArn",
    ]),
  ),
  "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment": "managedPolicyArn",
  [role]: "managedPolicyArns",
};

/** Types that hold permissions, inline or by naming a managed policy. */
export const permissionTypes: readonly string[] = [...Object.keys(inline), ...Object.keys(attachments)];

/** Permission documents in a resource, as far as they are known: each a text, or the object that will become one. */
function given({ type, props }: Resource): readonly unknown[] {
  const property = inline[type];
  const documents =
    property !== undefined
      ? asList(props[property])
      : type === role
        ? asList(props.inlinePolicies).flatMap((block) => asList(at(block, "policy")))
        : [];
  return documents.filter((document) => document !== null && ["string", "object"].includes(typeof document));
}

interface Documents {
  readonly parsed: readonly unknown[];
  /** How many could not be read: IAM refuses them, with a better message than a rule could give. */
  readonly unread: number;
}

export function documentsOf(resource: Resource): Documents {
  const parsed = given(resource).map((document) => {
    const value = typeof document === "string" ? json(document) : document;
    return value !== null && typeof value === "object" && !Array.isArray(value) ? value : undefined;
  });
  return {
    parsed: parsed.filter((document) => document !== undefined),
    unread: parsed.filter((one) => one === undefined).length,
  };
}

/** ARNs of the managed policies that a resource attaches. */
export function managedPoliciesOf({ type, props }: Resource): readonly string[] {
  const property = attachments[type];
  return property === undefined ? [] : texts(props[property]);
}

/** Every text in which an ARN may stand. */
export function arnTextsOf(resource: Resource): readonly string[] {
  const trust = resource.type === role ? leaves(resource.props.assumeRolePolicy) : [];
  return [...given(resource).flatMap(leaves), ...managedPoliciesOf(resource), ...trust];
}

export function allowStatements(resource: Resource): readonly AllowStatement[] {
  return documentsOf(resource).parsed.flatMap((document) =>
    asList(at(document, "Statement")).flatMap((statement, i) => {
      if (at(statement, "Effect") !== "Allow") return [];
      const list = (key: string): readonly string[] => texts(at(statement, key));
      const conditions = at(statement, "Condition");
      return {
        at: `statement ${asText(at(statement, "Sid")) ?? i + 1}`,
        actions: list("Action"),
        notActions: list("NotAction"),
        // Everything but some is everything, as far as its reach goes.
        resources: list("NotResource").length > 0 ? ["*"] : list("Resource"),
        conditions: (conditions !== null && typeof conditions === "object" ? conditions : {}) as Props,
      };
    }),
  );
}

/** Returns the value of a JSON text; undefined where it is none. */
export function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
