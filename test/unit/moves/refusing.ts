/** Calls that no test has given an answer for: each is an error that names itself. */
import { type Ec2Calls, type Route53Calls } from "../../../components/failover/core/context";

function refuse(name: string) {
  return () => Promise.reject(new Error(`this test has no answer for ${name}`));
}

export const REFUSING_EC2: Ec2Calls = {
  describeRouteTables: refuse("DescribeRouteTables"),
  createRoute: refuse("CreateRoute"),
  replaceRoute: refuse("ReplaceRoute"),
  deleteRoute: refuse("DeleteRoute"),
  describeVpcs: refuse("DescribeVpcs"),
  describeSubnets: refuse("DescribeSubnets"),
  describeInstances: refuse("DescribeInstances"),
  describeInstanceStatus: refuse("DescribeInstanceStatus"),
  describeInstanceTypes: refuse("DescribeInstanceTypes"),
  describeNetworkInterfaces: refuse("DescribeNetworkInterfaces"),
  attachNetworkInterface: refuse("AttachNetworkInterface"),
  detachNetworkInterface: refuse("DetachNetworkInterface"),
  modifyNetworkInterfaceAttribute: refuse("ModifyNetworkInterfaceAttribute"),
};

export const REFUSING_ROUTE53: Route53Calls = {
  getHostedZone: refuse("GetHostedZone"),
  listResourceRecordSets: refuse("ListResourceRecordSets"),
  changeResourceRecordSets: refuse("ChangeResourceRecordSets"),
  getChange: refuse("GetChange"),
  listHostedZonesByVPC: refuse("ListHostedZonesByVPC"),
};

/** `Context.calls`, for what needs neither. */
export const NO_OTHER_CALLS = (): Promise<never> => Promise.reject(new Error("this test has no other calls"));
