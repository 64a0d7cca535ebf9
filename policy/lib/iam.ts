import type { Resource } from "./resource";
import { asList, asText, at, type Props, texts } from "./values";

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
};
const role = "aws:iam/role:Role";
const attachments = ["Role", "User", "Group", ""].map((kind) => {
  const name = `${kind}PolicyAttachment`;
  return `aws:iam/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;
});

/** Types that hold permissions, inline or by naming a managed policy. */
export const permissionTypes: readonly string[] = [...Object.keys(inline), role, ...attachments];

/** Texts of the permission documents in a resource, as far as they are known. */
export function documentsOf({ type, props }: Resource): readonly string[] {
  const property = inline[type];
  if (property !== undefined) return texts(props[property]);
  return type === role ? asList(props.inlinePolicies).flatMap((block) => texts(at(block, "policy"))) : [];
}

/** ARNs of the managed policies that a resource attaches. */
export function managedPoliciesOf({ type, props }: Resource): readonly string[] {
  if (attachments.includes(type)) return texts(props.policyArn);
  return type === role ? texts(props.managedPolicyArns) : [];
}

/** Every text in which an ARN may stand. */
export function arnTextsOf(resource: Resource): readonly string[] {
  const trust = resource.type === role ? texts(resource.props.assumeRolePolicy) : [];
  return [...documentsOf(resource), ...managedPoliciesOf(resource), ...trust];
}

export function allowStatements(resource: Resource): readonly AllowStatement[] {
  return documentsOf(resource).flatMap((text) =>
    asList(at(json(text), "Statement")).flatMap((statement, i) => {
      if (at(statement, "Effect") !== "Allow") return [];
      const list = (key: string): readonly string[] => texts(at(statement, key));
      return {
        at: `statement ${asText(at(statement, "Sid")) ?? i + 1}`,
        actions: list("Action"),
        notActions: list("NotAction"),
        // Everything but some is everything, as far as its reach goes.
        resources: list("NotResource").length > 0 ? ["*"] : list("Resource"),
        conditions: (at(statement, "Condition") ?? {}) as Props,
      };
    }),
  );
}

/** A document that is no JSON is refused by IAM, with a better message than a rule could give. */
function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
