import { required, text } from "../../../frame/fields";
import { need } from "../../context";
import { resource } from "../../define";
import { document, GONE, normalised } from "./tags";

/** Its id is ROLE:NAME, as the official documentation has it for import. */
export const rolePolicy = resource(
  {
    token: "aws:iam/rolePolicy:RolePolicy",
    inputs: {
      role: required(text({ forceNew: true })),
      name: text({ forceNew: true, computed: true }),
      namePrefix: text({ forceNew: true, computed: true, local: true }),
      policy: required(text({ normalise: normalised })),
    },
    outputs: [],
    autoname: { property: "name", max: 128 },
    gone: GONE,
    async create(context, inputs) {
      const name = need(inputs.name, "the policy's name");
      await context.iam("PutRolePolicy", {
        RoleName: inputs.role,
        PolicyName: name,
        PolicyDocument: inputs.policy,
      });
      return `${inputs.role}:${name}`;
    },
    async read(context, id, prior) {
      const { role, name } = parse(id);
      const it = await context.iam("GetRolePolicy", { RoleName: role, PolicyName: name });
      return {
        id,
        role,
        name,
        namePrefix: prior.state["namePrefix"] ?? "",
        policy: document(it.PolicyDocument),
      };
    },
    async update(context, id, news) {
      const { role, name } = parse(id);
      await context.iam("PutRolePolicy", { RoleName: role, PolicyName: name, PolicyDocument: news.policy });
    },
    async delete(context, id) {
      const { role, name } = parse(id);
      await context.iam("DeleteRolePolicy", { RoleName: role, PolicyName: name });
    },
  },
  { global: true },
);

function parse(id: string): { role: string; name: string } {
  const colon = id.indexOf(":");
  if (colon < 1) throw new Error(`an inline policy is named ROLE:POLICY, and not "${id}". Use that form.`);
  return { role: id.slice(0, colon), name: id.slice(colon + 1) };
}
