import { ec2Done } from "../ec2/describe";
import { find } from "../ec2/find";
import { AwsError } from "../gateway/errors";
import type { Handlers } from "../gateway/handler";

/** A VPC's attributes: one at a time ("You cannot modify … in the same request", ModifyVpcAttribute). */
export const vpcAttributeHandlers: Handlers = {
  "ec2:ModifyVpcAttribute": {
    check: async ({ call, ec2 }) => {
      await find(ec2, "vpcs", call.params.VpcId ?? "");
      const { "EnableDnsHostnames.Value": names, "EnableDnsSupport.Value": support } = call.params;
      if (names === undefined || support === undefined) return;
      throw new AwsError(
        "InvalidParameterCombination",
        "Fields for multiple attribute types specified: enableDnsHostnames, enableDnsSupport",
      );
    },
  },
};

/** "You can change the instance tenancy attribute of a VPC to default only" (ModifyVpcTenancy): moto sees to that. */
export const tenancyHandlers: Handlers = {
  "ec2:ModifyVpcTenancy": {
    check: async ({ call, ec2 }) => {
      await find(ec2, "vpcs", call.params.VpcId ?? "");
    },
    run: async ({ call, forward }) => {
      const reply = await forward();
      return reply.status >= 400 ? reply : ec2Done(call.action);
    },
  },
};
