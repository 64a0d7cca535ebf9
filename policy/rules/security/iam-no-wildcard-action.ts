import { allowStatements, managedPoliciesOf, permissionTypes } from "../../lib/iam";
import { resourceRule } from "../../lib/rule";
import { wideManagedPolicies } from "../../lib/wide-managed-policies";

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
      const all = actions.filter((action) => isAll(action));
      const found = [
        ...(all.length > 0 ? [`allows ${all.join(" and ")} in ${at}`] : []),
        ...(notActions.length > 0 ? [`allows everything but ${notActions.join(", ")} in ${at}`] : []),
      ];
      return found.map((text) => ({ resource, found: text, remedy }));
    });
    const attached = managedPoliciesOf(resource).flatMap((arn) => {
      const allowed = allowedBy(arn);
      return allowed === undefined
        ? []
        : [{ resource, found: `attaches ${arn}, which allows ${allowed} on all resources`, remedy }];
    });
    return [...statements, ...attached];
  },
});

/** All actions, or all of a service: a pattern that any name matches, whichever wildcards it is made of. */
function isAll(action: string): boolean {
  const [service = "", name = service] = action.split(":");
  return /^[*?]*\*[*?]*$/.test(name);
}

/** What a managed policy of AWS's own allows as a whole; their names are the same in every partition. */
function allowedBy(arn: string): string | undefined {
  const match = /^arn:[^:]*:iam::aws:policy\/(?:[\w+=,.@/-]*\/)?([\w+=,.@-]+)$/.exec(arn);
  const [, name = ""] = match ?? [];
  return Object.hasOwn(wideManagedPolicies, name) ? wideManagedPolicies[name] : undefined;
}
