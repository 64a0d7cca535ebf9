import { required, text } from "../../../frame/fields";
import { resource } from "../../define";
import { GONE } from "./tags";

/** Its id is ROLE/ARN, as the official documentation has it for import. */
export const rolePolicyAttachment = resource(
  {
    token: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    inputs: { role: required(text({ forceNew: true })), policyArn: required(text({ forceNew: true })) },
    outputs: [],
    gone: GONE,
    async create(context, inputs) {
      await context.iam("AttachRolePolicy", { RoleName: inputs.role, PolicyArn: inputs.policyArn });
      return `${inputs.role}/${inputs.policyArn}`;
    },
    async read(context, id) {
      const { role, policyArn } = parse(id);
      const { AttachedPolicies = [] } = await context.iam("ListAttachedRolePolicies", { RoleName: role });
      return AttachedPolicies.some((policy) => policy.PolicyArn === policyArn)
        ? { id, role, policyArn }
        : undefined;
    },
    async delete(context, id) {
      const { role, policyArn } = parse(id);
      await context.iam("DetachRolePolicy", { RoleName: role, PolicyArn: policyArn });
    },
  },
  { global: true },
);

function parse(id: string): { role: string; policyArn: string } {
  const slash = id.indexOf("/");
  if (slash < 1) throw new Error(`an attachment is named ROLE/POLICYARN, and not "${id}". Use that form.`);
  return { role: id.slice(0, slash), policyArn: id.slice(slash + 1) };
}
