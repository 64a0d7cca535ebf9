import { isValues, type Values } from "../frame/values";
import { type AwsContext } from "./context";

export type Tags = Record<string, string>;
/** Makes the tags in the cloud what they should be. */
export type TagWriter = (context: AwsContext, id: string, news: unknown, olds: unknown) => Promise<void>;

const plain = (tags: unknown): Tags => (isValues(tags) ? (tags as Tags) : {});

export const allTags = (context: AwsContext, tags: unknown): Tags => ({
  ...context.defaultTags,
  ...plain(tags),
});

export interface AwsTag {
  Key?: string | undefined;
  Value?: string | undefined;
}

export const toAws = (tags: unknown): { Key: string; Value: string }[] =>
  Object.entries(plain(tags)).map(([Key, Value]) => ({ Key, Value }));

/**
 * `tags` and `tagsAll` of a resource that was read: the system's own tags and those the provider ignores belong to
 * neither, and default tags are in `tags` only if the program sets them there too.
 */
export function tagState(
  context: AwsContext,
  found: readonly AwsTag[] | undefined,
  inputs: Values,
): { tags: Tags; tagsAll: Tags } {
  const { keys, keyPrefixes } = context.ignoreTags;
  const ours = (found ?? []).filter(
    ({ Key = "" }) =>
      !Key.startsWith("aws:") && !keys.includes(Key) && !keyPrefixes.some((prefix) => Key.startsWith(prefix)),
  );
  const tagsAll = Object.fromEntries(ours.map(({ Key = "", Value = "" }) => [Key, Value]));
  const own = plain(inputs["tags"]);
  const tags = Object.entries(tagsAll).filter(
    ([key, value]) => key in own || context.defaultTags[key] !== value,
  );
  return { tags: Object.fromEntries(tags), tagsAll };
}

export function tagChanges(news: unknown, olds: unknown): { set: Tags; unset: string[] } {
  const [after, before] = [plain(news), plain(olds)];
  return {
    set: Object.fromEntries(Object.entries(after).filter(([key, value]) => before[key] !== value)),
    unset: Object.keys(before).filter((key) => !(key in after)),
  };
}

/** For everything that EC2 holds. */
export const ec2Tags: TagWriter = async (context, id, news, olds) => {
  const { set, unset } = tagChanges(news, olds);
  if (unset.length > 0)
    await context.ec2("DeleteTags", { Resources: [id], Tags: unset.map((Key) => ({ Key })) });
  if (Object.keys(set).length > 0) await context.ec2("CreateTags", { Resources: [id], Tags: toAws(set) });
};

/** EC2's way of giving tags to what is being made; left out when there are none, as AWS refuses an empty list. */
export function tagSpecs<T extends string>(
  type: T,
  tags: unknown,
): { ResourceType: T; Tags: { Key: string; Value: string }[] }[] | undefined {
  const list = toAws(tags);
  return list.length > 0 ? [{ ResourceType: type, Tags: list }] : undefined;
}

/** Tags as EC2 answers them, as a map. */
export const tagMap = (tags: readonly AwsTag[] | undefined): Values =>
  Object.fromEntries((tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
