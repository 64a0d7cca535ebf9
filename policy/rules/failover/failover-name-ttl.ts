import { wholeNumber } from "../../lib/config";
import { resourceRule } from "../../lib/rule";
import { types } from "../../lib/types";
import { asList, asNumber, asProps, type Props } from "../../lib/values";

export const failoverNameTtl = resourceRule({
  name: "failover-name-ttl",
  description: "The record of a name that fails over has a short TTL.",
  why: "clients use the failed node's address for as long as the TTL says",
  level: "mandatory",
  source: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/best-practices-dns.html",
  types: [types.serviceName, types.record, types.recordsExclusive],
  config: {
    maxSeconds: wholeNumber({ default: 60, min: 1, max: 86400, description: "Longest TTL, in seconds" }),
  },
  check: (resource, { maxSeconds }) => {
    const { type, props } = resource;
    const records = type === types.recordsExclusive ? asList(props.resourceRecordSets).map(asProps) : [props];
    return records.flatMap((record) => {
      if (type !== types.serviceName && !failsOver(record)) return [];
      const ttl = asNumber(record.ttl);
      if (ttl === undefined || ttl <= maxSeconds) return [];
      return [{ resource, found: `has a TTL of ${ttl} s`, remedy: `set it to ${maxSeconds} s or less` }];
    });
  },
});

/** Whether Route 53 itself changes a record's answer: by a health check, or by choosing among several values. */
function failsOver(props: Props): boolean {
  const policies = ["failoverRoutingPolicies", "failover", "healthCheckId"].map((key) => props[key]);
  return (
    policies.some(
      (value) =>
        value !== undefined && value !== "" && (typeof value !== "object" || asList(value).length > 0),
    ) ||
    props.multivalueAnswerRoutingPolicy === true ||
    props.multiValueAnswer === true
  );
}
