import { allowStatements, managedPoliciesOf, permissionTypes } from "../../lib/iam";
import { resourceRule } from "../../lib/rule";

/** Policies of AWS's own that say `*`, or everything but a few. */
const wide = /:policy\/(AdministratorAccess|PowerUserAccess)$/;

export const iamNoWildcardAction = resourceRule({
  name: "iam-no-wildcard-action",
  description: "No permission allows all actions, nor all actions of a service.",
  why: "whoever gets onto a node gets everything that its role may do",
  level: "mandatory",
  source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
  types: permissionTypes,
  check: (resource) => {
    const remedy = "list the actions that are needed; components/iam has examples";
    const statements = allowStatements(resource).flatMap(({ at, actions, notActions }) => {
      const all = actions.filter((action) => /^(\*+|[a-z0-9-]+:\*+)$/i.test(action));
      const found = [
        ...(all.length > 0 ? [`allows ${all.join(" and ")} in ${at}`] : []),
        ...(notActions.length > 0 ? [`allows everything but ${notActions.join(", ")} in ${at}`] : []),
      ];
      return found.map((text) => ({ resource, found: text, remedy }));
    });
    const attached = managedPoliciesOf(resource)
      .filter((arn) => wide.test(arn))
      .map((arn) => ({ resource, found: `attaches ${arn}, which allows nearly everything`, remedy }));
    return [...statements, ...attached];
  },
});
