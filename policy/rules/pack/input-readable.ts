import { namedConfTypes, unreadConfs } from "../../lib/bind/files";
import { unreadAddresses } from "../../lib/addresses";
import { documentsOf, managedPoliciesOf, permissionTypes } from "../../lib/iam";
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
    ...stack.ofType(...namedConfTypes).flatMap(nameServers),
    ...stack.members.flatMap(addresses),
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

const refused = "correct it: AWS refuses it too";

function permissions(resource: Member): Finding[] {
  const arns = managedPoliciesOf(resource).filter(
    (arn) => arn.startsWith("arn:") && !/^arn:[\w-]*:iam::(?:\d{12}|aws):policy\/.+/.test(arn),
  );
  const documents = documentsOf(resource).unread > 0 ? ["a policy document that is not JSON"] : [];
  return [
    ...documents,
    ...arns.map((arn) => `the policy ${JSON.stringify(arn)}, which is no ARN of one`),
  ].map((what) => ({
    resource,
    found: `has ${what}, so that it was not judged`,
    remedy: refused,
  }));
}

function nameServers(resource: Member): Finding[] {
  return unreadConfs(resource).map((file) => ({
    resource,
    found: `brings ${file}, in which braces are missing, so that it may have been misread`,
    remedy: "check it with named-checkconf",
  }));
}

function addresses(resource: Member): Finding[] {
  return unreadAddresses(resource).map(({ at, text }) => ({
    resource,
    found: `has ${JSON.stringify(text)} in ${at}, which is no CIDR block, so that it was not judged`,
    remedy: refused,
  }));
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
