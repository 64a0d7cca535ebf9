import { wholeNumber } from "../../lib/config";
import { resourceRule } from "../../lib/rule";
import { types } from "../../lib/types";
import { asList, asNumber, type Props } from "../../lib/values";

export const failoverNameTtl = resourceRule({
  name: "failover-name-ttl",
  description: "The record of a name that fails over has a short TTL.",
  why: "clients use the failed node's address for as long as the TTL says",
  level: "mandatory",
  source: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/best-practices-dns.html",
  types: [types.serviceName, types.record],
  config: {
    maxSeconds: wholeNumber({ default: 60, min: 1, max: 86400, description: "Longest TTL, in seconds" }),
  },
  check: (resource, { maxSeconds }) => {
    const { type, props } = resource;
    if (type === types.record && !failsOver(props)) return [];
    const ttl = asNumber(props.ttl);
    if (ttl === undefined || ttl <= maxSeconds) return [];
    return [{ resource, found: `has a TTL of ${ttl} s`, remedy: `set it to ${maxSeconds} s or less` }];
  },
});

/** Whether Route 53 itself changes a record's answer: by a health check, or by choosing among several values. */
function failsOver(props: Props): boolean {
  const policies = ["failoverRoutingPolicies", "healthCheckId"].map((key) => props[key]);
  return (
    policies.some(
      (value) =>
        value !== undefined && value !== "" && (typeof value !== "object" || asList(value).length > 0),
    ) || props.multivalueAnswerRoutingPolicy === true
  );
}
