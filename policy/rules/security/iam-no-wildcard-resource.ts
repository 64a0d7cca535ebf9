import { type AllowStatement, allowStatements, permissionTypes } from "../../lib/iam";
import { resourceRule } from "../../lib/rule";
import { canBeScoped } from "../../lib/scoped-actions";

export const iamNoWildcardResource = resourceRule({
  name: "iam-no-wildcard-resource",
  description: "No permission is given on all resources, except for calls that cannot be scoped.",
  why: "a node that may move its own route may otherwise move everybody's",
  level: "mandatory",
  source:
    "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
  types: permissionTypes,
  check: (resource) =>
    allowStatements(resource).flatMap((statement) => {
      if (!statement.resources.some(isEverything) || isTagged(statement)) return [];
      const scoped = statement.actions.filter(canBeScoped);
      if (scoped.length === 0) return [];
      return {
        resource,
        found: `allows ${scoped.join(", ")} on all resources in ${statement.at}`,
        remedy:
          "name the ARNs of the resources; only calls that take none, like ec2:DescribeInstances, need *",
      };
    }),
});

/** `*`, and ARNs that are all wildcards after the service. */
function isEverything(arn: string): boolean {
  return /^\*+$/.test(arn) || /^arn:[^:]*:[^:]*:[^:]*:[^:]*:\*+$/.test(arn);
}

/** A condition on the resource's tags is a scope too. */
function isTagged({ conditions }: AllowStatement): boolean {
  const keys = Object.values(conditions).flatMap((block) => Object.keys(block as object));
  return keys.some((key) => /^[a-z0-9]+:ResourceTag\//i.test(key));
}
