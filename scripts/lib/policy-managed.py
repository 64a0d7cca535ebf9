"""Prints policy/lib/wide-managed-policies.ts: AWS's managed policies that allow all actions of a service.

From the documents that moto ships. Run by hand, with the Python of the offline cloud, when moto is renewed:
PYTHON scripts/lib/policy-managed.py > policy/lib/wide-managed-policies.ts && npx prettier --write policy/lib/wide-managed-policies.ts
"""

import json
import re
from importlib.metadata import version

from moto.iam.aws_managed_policies import aws_managed_policies_data


def listed(value):
    return value if isinstance(value, list) else [value]


def wide_actions(document):
    """Returns the actions that a document allows as a whole, on all resources."""
    found = []
    for statement in listed(document["Statement"]):
        if statement["Effect"] != "Allow" or "*" not in listed(statement.get("Resource", [])):
            continue
        if "NotAction" in statement:
            found.append("everything but a few actions")
        found += [a for a in listed(statement.get("Action", [])) if re.fullmatch(r"\*|[\w-]+:\*", a)]
    return found


policies = json.loads(aws_managed_policies_data)
wide = {
    name: actions[0]
    for name, policy in sorted(policies.items())
    # Roles of services themselves cannot be given to anybody else.
    if policy["Path"] != "/aws-service-role/" and (actions := wide_actions(policy["Document"]))
}
print("// Made by scripts/lib/policy-managed.py from the documents in moto " + version("moto") + "; do not edit.\n")
print("/** AWS's managed policies that allow all actions of a service on all resources, with the first such action. */")
print("export const wideManagedPolicies: Readonly<Record<string, string>> = " + json.dumps(wide, indent=2) + ";")
