import { required, text, words } from "../../../frame/fields";
import { type AwsContext, need } from "../../context";
import { resource } from "../../define";
import { tagState, toAws } from "../../tags";
import { BUSY, document, GONE, normalised, policyTags } from "./tags";

export const policy = resource(
  {
    token: "aws:iam/policy:Policy",
    inputs: {
      name: text({ forceNew: true, computed: true }),
      namePrefix: text({ forceNew: true, computed: true, local: true }),
      path: text({ forceNew: true, default: "/" }),
      description: text({ forceNew: true }),
      policy: required(text({ normalise: normalised })),
    },
    outputs: words("arn attachmentCount policyId tagsAll"),
    autoname: { property: "name", max: 128 },
    gone: GONE,
    busy: BUSY,
    async create(context, inputs) {
      const tags = toAws(inputs.tagsAll);
      const { Policy } = await context.iam("CreatePolicy", {
        PolicyName: inputs.name,
        Path: inputs.path,
        Description: inputs.description,
        PolicyDocument: inputs.policy,
        Tags: tags.length > 0 ? tags : undefined,
      });
      return need(Policy?.Arn, "the policy's ARN");
    },
    async read(context, id, prior) {
      const it = (await context.iam("GetPolicy", { PolicyArn: id })).Policy;
      if (!it) return undefined;
      const version = await context.iam("GetPolicyVersion", {
        PolicyArn: id,
        VersionId: it.DefaultVersionId,
      });
      return {
        id,
        arn: id,
        name: it.PolicyName,
        namePrefix: prior.state["namePrefix"] ?? "",
        path: it.Path,
        description: it.Description ?? "",
        policy: document(version.PolicyVersion?.Document),
        policyId: it.PolicyId,
        attachmentCount: it.AttachmentCount ?? 0,
        ...tagState(context, it.Tags, prior.inputs),
      };
    },
    async update(context, id, news, changes) {
      if (!changes.has("policy")) return;
      const others = await otherVersions(context, id);
      // IAM keeps five versions; the oldest makes room (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-versioning.html).
      if (others.length >= 4)
        await context.iam("DeletePolicyVersion", { PolicyArn: id, VersionId: others[0] });
      await context.iam("CreatePolicyVersion", {
        PolicyArn: id,
        PolicyDocument: news.policy,
        SetAsDefault: true,
      });
    },
    async delete(context, id) {
      for (const VersionId of await otherVersions(context, id)) {
        await context.iam("DeletePolicyVersion", { PolicyArn: id, VersionId });
      }
      await context.iam("DeletePolicy", { PolicyArn: id });
    },
  },
  { tags: policyTags, global: true },
);

/** Those that aren't the default one, oldest first. */
async function otherVersions(context: AwsContext, arn: string): Promise<string[]> {
  const { Versions = [] } = await context.iam("ListPolicyVersions", { PolicyArn: arn });
  return Versions.filter((version) => version.IsDefaultVersion !== true)
    .sort((a, b) => Number(a.CreateDate ?? 0) - Number(b.CreateDate ?? 0))
    .flatMap(({ VersionId }) => (VersionId === undefined ? [] : [VersionId]));
}
