import { exactlyOne } from "../../../frame/check";
import { flag, required, text, words } from "../../../frame/fields";
import { need, textOf } from "../../context";
import { resource } from "../../define";
import { tagChanges, tagState, toAws, type TagWriter } from "../../tags";

const parameterTags: TagWriter = async (context, id, news, olds) => {
  const { set, unset } = tagChanges(news, olds);
  const which = { ResourceType: "Parameter" as const, ResourceId: id };
  if (unset.length > 0) await context.ssm("RemoveTagsFromResource", { ...which, TagKeys: unset });
  if (Object.keys(set).length > 0) await context.ssm("AddTagsToResource", { ...which, Tags: toAws(set) });
};

export const parameter = resource(
  {
    token: "aws:ssm/parameter:Parameter",
    inputs: {
      name: text({ forceNew: true, computed: true }),
      type: required(text({ values: ["String", "StringList", "SecureString"] })),
      value: text({ computed: true, secret: true }),
      insecureValue: text({ computed: true }),
      description: text(),
      allowedPattern: text(),
      dataType: text({ computed: true }),
      tier: text({ computed: true, values: ["Standard", "Advanced", "Intelligent-Tiering"] }),
      keyId: text({ computed: true }),
      overwrite: flag({ local: true }),
    },
    outputs: words("arn version hasValueWo tagsAll"),
    follows: { value: ["version"], insecureValue: ["version"] },
    autoname: { property: "name", max: 2048 },
    gone: ["ParameterNotFound"],
    check: (inputs) => exactlyOne(inputs, ["value", "insecureValue"]),
    // A parameter that holds a secret can't become one that shows it under the same key, nor the other way round.
    replaces: (property, news, state) =>
      property === "type" && (news.type === "SecureString" || state["type"] === "SecureString"),
    async create(context, inputs) {
      const name = need(inputs.name, "the parameter's name");
      const tags = toAws(inputs.tagsAll);
      await context.ssm("PutParameter", {
        ...toAwsParameter(inputs),
        Name: name,
        Overwrite: inputs.overwrite ?? false,
        // AWS takes tags of a new parameter only.
        Tags: inputs.overwrite === true || tags.length === 0 ? undefined : tags,
      });
      context.created(name);
      if (inputs.overwrite === true) await parameterTags(context, name, inputs.tagsAll, {});
      return name;
    },
    async read(context, id, prior) {
      const { Parameter: it } = await context.ssm("GetParameter", { Name: id, WithDecryption: true });
      if (!it) return undefined;
      const [described, tags] = await Promise.all([
        context.ssm("DescribeParameters", {
          ParameterFilters: [{ Key: "Name", Option: "Equals", Values: [id] }],
        }),
        context.ssm("ListTagsForResource", { ResourceType: "Parameter", ResourceId: id }),
      ]);
      const more = described.Parameters?.[0];
      const open = prior.inputs["insecureValue"] !== undefined;
      return {
        id,
        name: it.Name,
        arn: it.ARN,
        type: it.Type,
        value: it.Value,
        insecureValue: open ? it.Value : "",
        version: it.Version,
        description: more?.Description ?? "",
        allowedPattern: more?.AllowedPattern ?? "",
        dataType: it.DataType ?? "text",
        tier: more?.Tier ?? "Standard",
        keyId: more?.KeyId ?? "",
        hasValueWo: false,
        ...tagState(context, tags.TagList, prior.inputs),
      };
    },
    async update(context, id, news, changes) {
      if (
        !changes.has(
          "type",
          "value",
          "insecureValue",
          "description",
          "allowedPattern",
          "dataType",
          "tier",
          "keyId",
        )
      )
        return;
      await context.ssm("PutParameter", { ...toAwsParameter(news), Name: id, Overwrite: true });
    },
    async delete(context, id, state) {
      await context.ssm("DeleteParameter", { Name: textOf(state, "name") || id });
    },
  },
  { tags: parameterTags },
);

interface Given {
  readonly type: string;
  readonly value?: string;
  readonly insecureValue?: string;
  readonly description?: string;
  readonly allowedPattern?: string;
  readonly dataType?: string;
  readonly tier?: string;
  readonly keyId?: string;
}

function toAwsParameter(inputs: Given) {
  return {
    Type: inputs.type as "String" | "StringList" | "SecureString",
    Value: inputs.value ?? inputs.insecureValue,
    Description: inputs.description,
    AllowedPattern: inputs.allowedPattern,
    DataType: inputs.dataType,
    Tier: inputs.tier as "Standard" | undefined,
    KeyId: inputs.keyId,
  };
}
