import { flag, number, object, required, set, text, words } from "../../../frame/fields";
import { isValues, type Values } from "../../../frame/values";
import { type AwsContext, need } from "../../context";
import { resource } from "../../define";
import { tagState, toAws } from "../../tags";
import { BUSY, document, GONE, normalised, roleTags, time } from "./tags";

export const role = resource(
  {
    token: "aws:iam/role:Role",
    inputs: {
      name: text({ forceNew: true, computed: true }),
      namePrefix: text({ forceNew: true, computed: true, local: true }),
      path: text({ forceNew: true, default: "/" }),
      assumeRolePolicy: required(text({ normalise: normalised })),
      description: text(),
      maxSessionDuration: number({ default: 3600 }),
      permissionsBoundary: text(),
      forceDetachPolicies: flag({ default: false, local: true }),
      inlinePolicies: set(object({ name: text(), policy: text({ normalise: normalised }) }), {
        computed: true,
      }),
      managedPolicyArns: set(text(), { computed: true }),
    },
    outputs: words("arn createDate tagsAll uniqueId"),
    autoname: { property: "name", max: 64 },
    gone: GONE,
    busy: BUSY,
    async create(context, inputs) {
      const name = need(inputs.name, "the role's name");
      const tags = toAws(inputs.tagsAll);
      await context.iam("CreateRole", {
        RoleName: name,
        Path: inputs.path,
        AssumeRolePolicyDocument: inputs.assumeRolePolicy,
        Description: inputs.description,
        MaxSessionDuration: inputs.maxSessionDuration,
        PermissionsBoundary: inputs.permissionsBoundary,
        Tags: tags.length > 0 ? tags : undefined,
      });
      context.created(name);
      await putInline(context, name, inputs.inlinePolicies, []);
      await attachManaged(context, name, inputs.managedPolicyArns, []);
      return name;
    },
    async read(context, id, prior) {
      const it = (await context.iam("GetRole", { RoleName: id })).Role;
      if (!it) return undefined;
      // Listed only where the program keeps them here: else they belong to RolePolicy and RolePolicyAttachment.
      const [inline, managed] = await Promise.all([
        prior.inputs["inlinePolicies"] === undefined ? [] : inlineOf(context, id),
        prior.inputs["managedPolicyArns"] === undefined ? [] : managedOf(context, id),
      ]);
      return {
        id,
        arn: it.Arn,
        name: it.RoleName,
        namePrefix: prior.state["namePrefix"] ?? "",
        path: it.Path,
        assumeRolePolicy: document(it.AssumeRolePolicyDocument),
        description: it.Description ?? "",
        maxSessionDuration: it.MaxSessionDuration ?? 3600,
        permissionsBoundary: it.PermissionsBoundary?.PermissionsBoundaryArn ?? "",
        inlinePolicies: inline,
        managedPolicyArns: managed,
        createDate: time(it.CreateDate),
        uniqueId: it.RoleId,
        ...tagState(context, it.Tags, prior.inputs),
      };
    },
    async update(context, id, news, changes, state) {
      if (changes.has("assumeRolePolicy")) {
        await context.iam("UpdateAssumeRolePolicy", { RoleName: id, PolicyDocument: news.assumeRolePolicy });
      }
      if (changes.has("description", "maxSessionDuration")) {
        await context.iam("UpdateRole", {
          RoleName: id,
          Description: news.description ?? "",
          MaxSessionDuration: news.maxSessionDuration,
        });
      }
      if (changes.has("permissionsBoundary")) {
        const PermissionsBoundary = news.permissionsBoundary;
        if (PermissionsBoundary)
          await context.iam("PutRolePermissionsBoundary", { RoleName: id, PermissionsBoundary });
        else await context.iam("DeleteRolePermissionsBoundary", { RoleName: id });
      }
      if (changes.has("inlinePolicies"))
        await putInline(context, id, news.inlinePolicies, state["inlinePolicies"]);
      if (changes.has("managedPolicyArns"))
        await attachManaged(context, id, news.managedPolicyArns, state["managedPolicyArns"]);
    },
    async delete(context, id, state, inputs) {
      const profiles =
        (await context.iam("ListInstanceProfilesForRole", { RoleName: id })).InstanceProfiles ?? [];
      for (const profile of profiles) {
        await context.iam("RemoveRoleFromInstanceProfile", {
          RoleName: id,
          InstanceProfileName: profile.InstanceProfileName,
        });
      }
      const force = state["forceDetachPolicies"] === true;
      if (force || inputs["managedPolicyArns"] !== undefined)
        await attachManaged(context, id, [], await managedOf(context, id));
      if (force || inputs["inlinePolicies"] !== undefined)
        await putInline(context, id, [], await inlineOf(context, id));
      await context.iam("DeleteRole", { RoleName: id });
    },
  },
  { tags: roleTags, global: true },
);

async function inlineOf(context: AwsContext, role: string): Promise<Values[]> {
  const names = (await context.iam("ListRolePolicies", { RoleName: role })).PolicyNames ?? [];
  return await Promise.all(
    names.map(async (name) => {
      const { PolicyDocument } = await context.iam("GetRolePolicy", { RoleName: role, PolicyName: name });
      return { name, policy: document(PolicyDocument) };
    }),
  );
}

async function managedOf(context: AwsContext, role: string): Promise<string[]> {
  const { AttachedPolicies = [] } = await context.iam("ListAttachedRolePolicies", { RoleName: role });
  return AttachedPolicies.flatMap(({ PolicyArn }) => (PolicyArn === undefined ? [] : [PolicyArn]));
}

async function putInline(context: AwsContext, role: string, news: unknown, olds: unknown): Promise<void> {
  const byName = (policies: unknown): Map<string, string> =>
    new Map(
      (Array.isArray(policies) ? policies.filter(isValues) : []).map((p) => [
        String(p["name"]),
        String(p["policy"]),
      ]),
    );
  const [after, before] = [byName(news), byName(olds)];
  for (const name of before.keys()) {
    if (!after.has(name)) await context.iam("DeleteRolePolicy", { RoleName: role, PolicyName: name });
  }
  for (const [name, policy] of after) {
    if (before.get(name) !== policy) {
      await context.iam("PutRolePolicy", { RoleName: role, PolicyName: name, PolicyDocument: policy });
    }
  }
}

async function attachManaged(
  context: AwsContext,
  role: string,
  news: readonly string[] | undefined,
  olds: unknown,
): Promise<void> {
  const before = Array.isArray(olds) ? olds.map(String) : [];
  for (const arn of before)
    if (!news?.includes(arn)) await context.iam("DetachRolePolicy", { RoleName: role, PolicyArn: arn });
  for (const arn of news ?? [])
    if (!before.includes(arn)) await context.iam("AttachRolePolicy", { RoleName: role, PolicyArn: arn });
}
