import { partitionOf } from "../../../components/iam/policy.plan";
import { arnTextsOf, permissionTypes } from "../../lib/iam";
import { resourceRule } from "../../lib/rule";
import { asText } from "../../lib/values";

export const arnPartition = resourceRule({
  name: "arn-partition",
  description: "ARNs in permissions are of the partition that the stack is built in.",
  why: "in China and GovCloud an ARN that begins with arn:aws: matches nothing, so the failover is denied",
  level: "mandatory",
  source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html",
  types: permissionTypes,
  check: (resource) => {
    const region = asText(resource.props.region) ?? asText(resource.provider.region);
    // Partitions that the lab does not know, e.g. the isolated ones, are not judged.
    if (region === undefined || /-iso[a-z]?-/.test(region)) return [];
    const partition = partitionOf(region);
    const wrong = arnTextsOf(resource)
      .flatMap((text) => text.match(/\barn:aws[a-z-]*:[^"\s]+/g) ?? [])
      .filter((arn) => !arn.startsWith(`arn:${partition}:`));
    return [...new Set(wrong)].map((arn) => ({
      resource,
      found: `names ${arn}, and ${region} is in the partition ${partition}`,
      remedy: `begin it with arn:${partition}:, or take the partition from aws.getPartition`,
    }));
  },
});
