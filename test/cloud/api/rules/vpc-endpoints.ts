import type { Handlers } from "../gateway/handler";

/** Endpoints in a VPC to services of AWS. */
export const vpcEndpointHandlers: Handlers = {
  "ec2:CreateVpcEndpoint": {
    // "Default: Gateway" (EC2 API Reference); moto has no default and fails when it deletes such an endpoint.
    run: ({ call, forward }) => forward({ VpcEndpointType: "Gateway", ...call.params }),
  },
};
