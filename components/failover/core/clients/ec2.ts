/** The EC2 actions of the moves over the AWS SDK. Command by command, so that a bundler can leave out the other 700. */
import {
  AttachNetworkInterfaceCommand,
  CreateRouteCommand,
  DeleteRouteCommand,
  DescribeInstanceStatusCommand,
  DescribeInstanceTypesCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  DetachNetworkInterfaceCommand,
  EC2Client,
  type EC2ClientConfig,
  ModifyNetworkInterfaceAttributeCommand,
  ReplaceRouteCommand,
} from "@aws-sdk/client-ec2";
import { type Ec2Calls } from "../calls";

export function ec2Calls(config: EC2ClientConfig): Ec2Calls {
  const client = new EC2Client(config);
  return {
    describeRouteTables: (input, options) => client.send(new DescribeRouteTablesCommand(input), options),
    createRoute: (input, options) => client.send(new CreateRouteCommand(input), options),
    replaceRoute: (input, options) => client.send(new ReplaceRouteCommand(input), options),
    deleteRoute: (input, options) => client.send(new DeleteRouteCommand(input), options),
    describeVpcs: (input, options) => client.send(new DescribeVpcsCommand(input), options),
    describeSubnets: (input, options) => client.send(new DescribeSubnetsCommand(input), options),
    describeInstances: (input, options) => client.send(new DescribeInstancesCommand(input), options),
    describeInstanceStatus: (input, options) =>
      client.send(new DescribeInstanceStatusCommand(input), options),
    describeInstanceTypes: (input, options) => client.send(new DescribeInstanceTypesCommand(input), options),
    describeNetworkInterfaces: (input, options) =>
      client.send(new DescribeNetworkInterfacesCommand(input), options),
    attachNetworkInterface: (input, options) =>
      client.send(new AttachNetworkInterfaceCommand(input), options),
    detachNetworkInterface: (input, options) =>
      client.send(new DetachNetworkInterfaceCommand(input), options),
    modifyNetworkInterfaceAttribute: (input, options) =>
      client.send(new ModifyNetworkInterfaceAttributeCommand(input), options),
  };
}
