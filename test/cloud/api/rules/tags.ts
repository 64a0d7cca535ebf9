import type { Ec2Region } from "../ec2/region";
import { missing } from "../ec2/missing";
import type { Kind } from "../ec2/sources";
import { AwsError } from "../gateway/errors";
import type { Context, Handlers } from "../gateway/handler";
import { listParam, structParams } from "../gateway/params";
import { textAt } from "../gateway/xml";

type Lookup = readonly [prefix: string, kind: Kind, field: string, absent: (ids: string[]) => AwsError];

/** What can be tagged, and what AWS says if it does not exist. */
const TAGGED: readonly Lookup[] = [
  ["eipalloc-", "addresses", "allocationId", missing.address],
  ["eni-", "networkInterfaces", "networkInterfaceId", missing.networkInterface],
  ["i-", "instances", "instanceId", missing.instance],
  ["igw-", "internetGateways", "internetGatewayId", missing.internetGateway],
  ["nat-", "natGateways", "natGatewayId", missing.natGateway],
  ["rtb-", "routeTables", "routeTableId", missing.routeTable],
  ["sg-", "securityGroups", "groupId", missing.securityGroup],
  ["sgr-", "securityGroupRules", "securityGroupRuleId", missing.securityGroupRule],
  ["subnet-", "subnets", "subnetId", missing.subnet],
  ["vol-", "volumes", "volumeId", missing.volume],
  ["vpc-", "vpcs", "vpcId", missing.vpc],
  ["vpce-", "vpcEndpoints", "vpcEndpointId", missing.vpcEndpoint],
];

export const tagHandlers: Handlers = {
  "ec2:CreateTags": { check: checkTags },
  "ec2:DeleteTags": { check: checkTags },
};

async function checkTags({ call, ec2 }: Context): Promise<void> {
  const reserved = structParams(call.params, "Tag").some(({ Key = "" }) =>
    Key.toLowerCase().startsWith("aws:"),
  );
  if (reserved) {
    throw new AwsError(
      "InvalidParameterValue",
      "Tag keys starting with 'aws:' are reserved for internal use",
    );
  }
  for (const id of listParam(call.params, "ResourceId")) await checkExists(ec2, id);
}

async function checkExists(ec2: Ec2Region, id: string): Promise<void> {
  const lookup = TAGGED.find(([prefix]) => id.startsWith(prefix));
  if (lookup === undefined) {
    // Transit gateways and what else moto has: it checks those itself.
    if (/^[a-z]+(-[a-z]+)*-[0-9a-f]+$/.test(id)) return;
    throw new AwsError("InvalidID", `The ID '${id}' is not valid`);
  }
  const [, kind, field, absent] = lookup;
  if (!(await ec2.list(kind)).some((item) => textAt(item, field) === id)) throw absent([id]);
}
