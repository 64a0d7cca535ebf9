/** The AWS API actions that the moves use, typed as the SDK has them; tests put something else in their place. */
import type * as Ec2 from "@aws-sdk/client-ec2";
import type * as Route53 from "@aws-sdk/client-route-53";

/** One AWS API action, as the SDK's clients have it. */
export type Call<Input, Output> = (input: Input, options?: { abortSignal?: AbortSignal }) => Promise<Output>;

/** Every EC2 action that a mechanism uses; the list is what a failover's IAM policy has to allow. */
export interface Ec2Calls {
  describeRouteTables: Call<Ec2.DescribeRouteTablesCommandInput, Ec2.DescribeRouteTablesCommandOutput>;
  createRoute: Call<Ec2.CreateRouteCommandInput, Ec2.CreateRouteCommandOutput>;
  replaceRoute: Call<Ec2.ReplaceRouteCommandInput, Ec2.ReplaceRouteCommandOutput>;
  deleteRoute: Call<Ec2.DeleteRouteCommandInput, Ec2.DeleteRouteCommandOutput>;
  describeVpcs: Call<Ec2.DescribeVpcsCommandInput, Ec2.DescribeVpcsCommandOutput>;
  describeSubnets: Call<Ec2.DescribeSubnetsCommandInput, Ec2.DescribeSubnetsCommandOutput>;
  describeInstances: Call<Ec2.DescribeInstancesCommandInput, Ec2.DescribeInstancesCommandOutput>;
  describeInstanceStatus: Call<
    Ec2.DescribeInstanceStatusCommandInput,
    Ec2.DescribeInstanceStatusCommandOutput
  >;
  describeInstanceTypes: Call<Ec2.DescribeInstanceTypesCommandInput, Ec2.DescribeInstanceTypesCommandOutput>;
  describeNetworkInterfaces: Call<
    Ec2.DescribeNetworkInterfacesCommandInput,
    Ec2.DescribeNetworkInterfacesCommandOutput
  >;
  attachNetworkInterface: Call<
    Ec2.AttachNetworkInterfaceCommandInput,
    Ec2.AttachNetworkInterfaceCommandOutput
  >;
  detachNetworkInterface: Call<
    Ec2.DetachNetworkInterfaceCommandInput,
    Ec2.DetachNetworkInterfaceCommandOutput
  >;
  modifyNetworkInterfaceAttribute: Call<
    Ec2.ModifyNetworkInterfaceAttributeCommandInput,
    Ec2.ModifyNetworkInterfaceAttributeCommandOutput
  >;
}

/** Every Route 53 action that a mechanism uses. */
export interface Route53Calls {
  getHostedZone: Call<Route53.GetHostedZoneCommandInput, Route53.GetHostedZoneCommandOutput>;
  listResourceRecordSets: Call<
    Route53.ListResourceRecordSetsCommandInput,
    Route53.ListResourceRecordSetsCommandOutput
  >;
  changeResourceRecordSets: Call<
    Route53.ChangeResourceRecordSetsCommandInput,
    Route53.ChangeResourceRecordSetsCommandOutput
  >;
  getChange: Call<Route53.GetChangeCommandInput, Route53.GetChangeCommandOutput>;
  listHostedZonesByVPC: Call<
    Route53.ListHostedZonesByVPCCommandInput,
    Route53.ListHostedZonesByVPCCommandOutput
  >;
}
