import { allowStatements } from "./iam";
import { machineOf } from "./routes";
import type { Member, Stack } from "./stack";
import { types } from "./types";
import { leaves } from "./values";

const routeCalls = ["ec2:replaceroute", "ec2:createroute"];

/** Whether a machine's role may move routes to itself: an agent on it does so when it takes over. */
export function movesRoutes(stack: Stack, member: Member): boolean {
  const roles = machineOf(stack, member)
    .flatMap((part) => stack.linked(part, "iamInstanceProfile", [types.instanceProfile]).members)
    .flatMap((profile) => stack.linked(profile, "role", [types.role]).members);
  return roles
    .flatMap((role) => permissionsOf(stack, role))
    .some((holder) =>
      allowStatements(holder).some(({ actions }) =>
        actions.some((pattern) => routeCalls.some((call) => matches(pattern, call))),
      ),
    );
}

function permissionsOf(stack: Stack, role: Member): readonly Member[] {
  const attached = stack
    .linkedTo(role, ["aws:iam/rolePolicyAttachment:RolePolicyAttachment"], "role")
    .flatMap((attachment) => stack.linked(attachment, "policyArn", ["aws:iam/policy:Policy"]).members);
  return [role, ...stack.linkedTo(role, ["aws:iam/rolePolicy:RolePolicy"], "role"), ...attached];
}

function matches(pattern: string, action: string): boolean {
  const parts = pattern.toLowerCase().split(/([*?])/);
  const source = parts
    .map((part) => (part === "*" ? ".*" : part === "?" ? "." : part.replace(/[^\w:-]/g, "\\$&")))
    .join("");
  return new RegExp(`^${source}$`).test(action);
}

/** Whether two machines look like a pair: of one component, of one role or group, or of one name but for its end. */
export function isPair(stack: Stack, one: Member, other: Member): boolean {
  const [a, b] = [machineOf(stack, one), machineOf(stack, other)];
  if (a.includes(other)) return false;
  return a.some((left) => b.some((right) => isAlike(stack, left, right)));
}

function isAlike(stack: Stack, a: Member, b: Member): boolean {
  const parent = a.sdk.parent;
  if (parent !== undefined && parent.type !== "pulumi:pulumi:Stack" && parent.urn === b.sdk.parent?.urn)
    return true;
  const stem = stemOf(a.name);
  if (stem !== "" && stem === stemOf(b.name)) return true;
  return ["iamInstanceProfile", "vpcSecurityGroupIds", "securityGroups"].some((property) =>
    shares(stack, a, b, property),
  );
}

function shares(stack: Stack, a: Member, b: Member, property: string): boolean {
  const known = leaves(a.props[property]).filter((id) => id !== "");
  if (known.some((id) => leaves(b.props[property]).includes(id))) return true;
  if (a.props[property] === undefined && b.props[property] === undefined) return false;
  const wanted = [types.instanceProfile, types.securityGroup];
  const members = stack.linked(a, property, wanted).members;
  return stack.linked(b, property, wanted).members.some((member) => members.includes(member));
}

const roles =
  "primary|secondary|standby|active|passive|spare|backup|main|master|slave|replica|first|second|one|two|left|right|blue|green";
const ends = new RegExp(`[-_.]?(?:\\d+|[a-d]|${roles}|az\\d?[a-d]?)$`, "i");

/** A name without what tells the members of a group apart: `nat-a`, `nat2`, `db-standby`. */
function stemOf(name: string): string {
  // Where the role is all of a name, the group has none, and two such names are a pair.
  if (new RegExp(`^(?:${roles})$`, "i").test(name)) return "*";
  const bare = name.replace(ends, "");
  // In `nat` of a pair `nat` and `nat-spare` there is nothing to take away.
  return bare.length < 2 ? (name.length < 2 ? "" : name) : bare;
}

/** Whether a machine is called the one that waits. */
export function isCalledStandby({ name }: Member): boolean {
  return /(^|[^a-z])(secondary|standby|passive|spare|backup|failover|replica|slave)([^a-z]|$)/i.test(name);
}

/** Whether two machines have one and the same role. */
export function sharesProfile(stack: Stack, a: Member, b: Member): boolean {
  return a !== b && shares(stack, a, b, "iamInstanceProfile");
}
