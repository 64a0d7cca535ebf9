import { canonicalCidr, parseCidr } from "../ec2/cidr";
import { AwsError } from "../gateway/errors";
import type { Handler, Handlers } from "../gateway/handler";
import { structParams, type Params } from "../gateway/params";

/** CIDR blocks are kept without host bits; moto keeps what it gets, and fails over it later. */
const WITH_BLOCKS = [
  "AuthorizeSecurityGroupEgress",
  "AuthorizeSecurityGroupIngress",
  "ModifySecurityGroupRules",
  "RevokeSecurityGroupEgress",
  "RevokeSecurityGroupIngress",
  "UpdateSecurityGroupRuleDescriptionsEgress",
  "UpdateSecurityGroupRuleDescriptionsIngress",
];

const IS_BLOCK = /(^|\.)(CidrBlock|CidrIp|CidrIpv4|DestinationCidrBlock)$/;

function withoutHostBits(params: Params): Params {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => {
      const parameter = name.split(".").pop() ?? name;
      return [
        name,
        IS_BLOCK.test(name)
          ? canonicalCidr(value, `${parameter.charAt(0).toLowerCase()}${parameter.slice(1)}`)
          : value,
      ];
    }),
  );
}

const canonical: Handler = {
  check: ({ call }) => {
    const params = withoutHostBits(call.params);
    if (call.action.startsWith("Authorize")) refuseTwice(params);
  },
  run: ({ call, forward }) => forward(withoutHostBits(call.params)),
};

/** A permission is a protocol, ports and one source; a request names each once. */
function refuseTwice(params: Params): void {
  const named = structParams(params, "IpPermissions").flatMap((permission) => {
    const { IpProtocol = "", FromPort = "", ToPort = "" } = permission;
    const sources = Object.entries(permission).filter(([name]) =>
      /\.(CidrIp|CidrIpv6|GroupId|PrefixListId)$/.test(name),
    );
    return sources.map(([, source]) => [IpProtocol, FromPort, ToPort, source].join(" "));
  });
  if (new Set(named).size === named.length) return;
  throw new AwsError("InvalidParameterValue", "The same permission must not appear multiple times");
}

export const blockHandlers: Handlers = {
  ...Object.fromEntries(WITH_BLOCKS.map((action): [string, Handler] => [`ec2:${action}`, canonical])),
  "ec2:CreateVpc": sized("InvalidVpc.Range"),
  "ec2:CreateSubnet": sized("InvalidSubnet.Range"),
};

/** VPCs and subnets are from /16 to /28. */
function sized(code: string): Handler {
  return {
    check: ({ call }) => {
      const block = withoutHostBits(call.params).CidrBlock;
      const prefix = block === undefined ? undefined : parseCidr(block)?.prefix;
      if (prefix === undefined || (prefix >= 16 && prefix <= 28)) return;
      throw new AwsError(code, `The CIDR '${block ?? ""}' is invalid.`);
    },
    run: ({ call, forward }) => forward(withoutHostBits(call.params)),
  };
}
