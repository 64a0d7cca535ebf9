import { ec2Done } from "../ec2/describe";
import { find } from "../ec2/find";
import type { Handlers } from "../gateway/handler";

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
