import { documentsOf, permissionTypes } from "../../lib/iam";
import { describe } from "../../lib/resource";
import type { Finding } from "../../lib/rule";
import { stackRule } from "../../lib/rule";
import type { Member, Stack } from "../../lib/stack";
import { takeFailures } from "../../lib/unread";
import { userDataOf, userDataTypes } from "../../lib/user-data";

/** Comes last, for it also tells which of the other rules failed. */
export const inputReadable = stackRule({
  name: "input-readable",
  description: "Everything that the rules judge can be read by them.",
  why: "what cannot be read is not judged, and a mistake in it is found when it breaks something",
  level: "advisory",
  source: "https://cloudinit.readthedocs.io/en/latest/explanation/format.html",
  check: (stack) => [
    ...stack.ofType(...userDataTypes).flatMap(userData),
    ...stack.ofType(...permissionTypes).flatMap(permissions),
    ...failures(stack),
  ],
});

function userData(resource: Member): Finding[] {
  return userDataOf(resource).unread.map((what) => ({
    resource,
    found: `has user data that ${what}, so that this was not judged`,
    remedy: "check it by itself, with cloud-init schema or on a machine",
  }));
}

function permissions(resource: Member): Finding[] {
  if (documentsOf(resource).unread === 0) return [];
  const found = "has a policy document that is not JSON, so that it was not judged";
  return [{ resource, found, remedy: "correct it: IAM refuses it too" }];
}

function failures(stack: Stack): Finding[] {
  const [first] = stack.members;
  return takeFailures().flatMap(({ rule, resource, reason }) => {
    const member = stack.members.find(({ urn }) => urn === resource?.urn) ?? first;
    if (member === undefined) return [];
    const what = resource === undefined ? "this stack" : describe(member);
    return [
      {
        resource: member,
        found: `was not judged by ${rule}, which cannot read ${what} (${reason})`,
        remedy: "check by hand what the rule asks for, and report it as a fault of the pack",
      },
    ];
  });
}
