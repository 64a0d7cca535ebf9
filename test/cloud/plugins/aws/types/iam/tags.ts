import { tagChanges, type TagWriter, toAws } from "../../tags";

export const roleTags: TagWriter = async (context, id, news, olds) => {
  const { set, unset } = tagChanges(news, olds);
  if (unset.length > 0) await context.iam("UntagRole", { RoleName: id, TagKeys: unset });
  if (Object.keys(set).length > 0) await context.iam("TagRole", { RoleName: id, Tags: toAws(set) });
};

export const policyTags: TagWriter = async (context, id, news, olds) => {
  const { set, unset } = tagChanges(news, olds);
  if (unset.length > 0) await context.iam("UntagPolicy", { PolicyArn: id, TagKeys: unset });
  if (Object.keys(set).length > 0) await context.iam("TagPolicy", { PolicyArn: id, Tags: toAws(set) });
};

export const profileTags: TagWriter = async (context, id, news, olds) => {
  const { set, unset } = tagChanges(news, olds);
  if (unset.length > 0)
    await context.iam("UntagInstanceProfile", { InstanceProfileName: id, TagKeys: unset });
  if (Object.keys(set).length > 0)
    await context.iam("TagInstanceProfile", { InstanceProfileName: id, Tags: toAws(set) });
};

/** IAM gives documents URL-encoded. */
export const document = (encoded: string | undefined): string =>
  encoded === undefined ? "" : decodeURIComponent(encoded);

/** The one spelling by which policies are compared. */
export { policy as normalised } from "../../normalise";

/** What IAM answers when there is no such thing; the last is how the error is named in the SDK. */
export const GONE = ["NoSuchEntity", "NoSuchEntityException"];
export const BUSY = [
  "DeleteConflict",
  "DeleteConflictException",
  "ConcurrentModification",
  "ConcurrentModificationException",
];

/** `2026-11-24T17:03:09Z`, as the official provider writes times. */
export const time = (date: Date | undefined): string =>
  date === undefined ? "" : date.toISOString().replace(/\.\d+Z$/, "Z");
