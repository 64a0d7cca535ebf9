import { ec2Reply } from "../ec2/describe";
import { find } from "../ec2/find";
import type { Ec2Region } from "../ec2/region";
import { AwsError, errorCodeOf } from "../gateway/errors";
import type { Context, Handlers } from "../gateway/handler";
import type { Params } from "../gateway/params";
import type { Reply } from "../gateway/reply";
import { at, isElement, itemsAt, textAt, type XmlElement } from "../gateway/xml";

/** Instance profiles of instances that are there already. */
export const instanceProfileHandlers: Handlers = {
  "ec2:AssociateIamInstanceProfile": {
    check: async ({ call, ec2 }) => {
      const id = call.params.InstanceId ?? "";
      const state = textAt(await find(ec2, "instances", id), "instanceState.name");
      if (["pending", "running", "stopping", "stopped"].includes(state)) return;
      throw new AwsError(
        "IncorrectInstanceState",
        `The instance '${id}' is not in the 'running' or 'stopped' states.`,
      );
    },
    run: async ({ call, forward }) => knownProfile(await forward(), call.params),
  },
  "ec2:DisassociateIamInstanceProfile": { check: checkAssociation, run: disassociate },
  "ec2:ReplaceIamInstanceProfileAssociation": { check: checkAssociation, run: replace },
};

/** The reply. @throws AwsError as EC2 words it if IAM has no such profile */
export function knownProfile(reply: Reply, params: Params): Reply {
  if (errorCodeOf(reply) !== "NoSuchEntity") return reply;
  const { "IamInstanceProfile.Name": name, "IamInstanceProfile.Arn": arn = "" } = params;
  const [field, value] = name === undefined ? ["ARN", arn] : ["name", name];
  throw new AwsError(
    "InvalidParameterValue",
    `Value (${value}) for parameter iamInstanceProfile.${field.toLowerCase()} is invalid. Invalid IAM Instance Profile ${field}`,
  );
}

async function associationOf({ call, ec2 }: Context): Promise<XmlElement> {
  const id = call.params.AssociationId ?? "";
  const answer = await ec2.ask("DescribeIamInstanceProfileAssociations", {});
  const all = itemsAt(
    answer.DescribeIamInstanceProfileAssociationsResponse,
    "iamInstanceProfileAssociationSet",
  );
  const found = all.find((one) => textAt(one, "associationId") === id);
  if (found !== undefined) return found;
  throw new AwsError("NoSuchAssociation", `The association ID '${id}' does not exist`);
}

async function checkAssociation(context: Context): Promise<void> {
  await associationOf(context);
}

async function disassociate(context: Context): Promise<Reply> {
  const association = await associationOf(context);
  const reply = await context.forward();
  return reply.status >= 400 ? reply : answered(context, association, "disassociating");
}

/** A replaced association is a new one. moto changes its association only, and not what the instance shows. */
async function replace(context: Context): Promise<Reply> {
  const { call, ec2, forward } = context;
  const { AssociationId = "" } = call.params;
  const instance = textAt(await associationOf(context), "instanceId");
  // moto knows whether there is such a profile: nothing is taken away before.
  const reply = knownProfile(await forward(), call.params);
  if (reply.status >= 400) return reply;
  await ec2.ask("DisassociateIamInstanceProfile", { AssociationId });
  const made = await associate(ec2, instance, call.params);
  return answered(context, made, "associating");
}

async function associate(ec2: Ec2Region, InstanceId: string, params: Params) {
  const profile = Object.entries(params).filter(([name]) => name.startsWith("IamInstanceProfile."));
  const answer = await ec2.ask("AssociateIamInstanceProfile", { InstanceId, ...Object.fromEntries(profile) });
  const made = at(answer, "AssociateIamInstanceProfileResponse.iamInstanceProfileAssociation");
  return isElement(made) ? made : {};
}

function answered({ call }: Context, association: XmlElement, state: string): Reply {
  return ec2Reply(call.action, { iamInstanceProfileAssociation: { ...association, state } });
}
