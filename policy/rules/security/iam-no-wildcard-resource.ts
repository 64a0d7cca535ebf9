import { allowStatements, permissionTypes } from "../../lib/iam";
import { isEverything, isNarrowed } from "../../lib/narrowing";
import { resourceRule } from "../../lib/rule";
import { canBeScoped } from "../../lib/scoped-actions";

export const iamNoWildcardResource = resourceRule({
  name: "iam-no-wildcard-resource",
  description:
    "No permission is given on all resources, or all of a kind, except for calls that cannot be scoped.",
  why: "a node that may move its own route may otherwise move everybody's",
  level: "mandatory",
  source:
    "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
  types: permissionTypes,
  check: (resource) =>
    allowStatements(resource).flatMap((statement) => {
      if (isNarrowed(statement)) return [];
      const { actions, resources } = statement;
      const wide = actions.filter(canBeScoped).flatMap((action) => {
        const arn = resources.find((name) => isEverything(name, action));
        return arn === undefined ? [] : [{ action, arn }];
      });
      const reach = (arn: string): string => (/^\*+$/.test(arn) ? "all resources" : `all of ${arn}`);
      return [...new Set(wide.map(({ arn }) => reach(arn)))].map((kind) => {
        const some = wide.filter(({ arn }) => reach(arn) === kind).map(({ action }) => action);
        return {
          resource,
          found: `allows ${some.join(", ")} on ${kind} in ${statement.at}`,
          remedy:
            "name the ARNs of the resources; only calls that take none, like ec2:DescribeInstances, need *",
        };
      });
    }),
});
