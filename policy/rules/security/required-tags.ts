import { textList } from "../../lib/config";
import { json } from "../../lib/iam";
import { resourceRule } from "../../lib/rule";
import { taggableTypes } from "../../lib/taggable";
import { asProps, at, UNKNOWN } from "../../lib/values";

export const requiredTags = resourceRule({
  name: "required-tags",
  description: "Resources carry the tags that the configuration requires.",
  why: "what nobody can assign to a lab or an owner is neither cleaned up nor paid for by the right one",
  level: "mandatory",
  source: "https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html",
  types: taggableTypes,
  config: {
    tags: textList({ default: [], description: "Names of tags that every resource must have; empty: none" }),
  },
  check: (resource, { tags }) => {
    const given = resource.props.tags;
    if (given === UNKNOWN) return [];
    const all = {
      ...defaultTags(at(resource.provider, "defaultTags")),
      ...asProps(resource.props.tagsAll),
      ...asProps(given),
    };
    const missing = tags.filter((tag) => all[tag] === undefined || all[tag] === "");
    if (missing.length === 0) return [];
    return [
      {
        resource,
        found: `has no tag ${missing.join(" and no tag ")}`,
        remedy: "add it to tags, or to the provider's defaultTags",
      },
    ];
  },
});

/** A provider's configuration carries nested values as JSON text. */
function defaultTags(value: unknown): object {
  const parsed = typeof value === "string" ? json(value) : value;
  return asProps(at(parsed, "tags"));
}
