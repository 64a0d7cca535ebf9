import { type AwsInvoke } from "../define";
import { getAmi, getSubnet, getVpc } from "./ec2";
import { getTransitGateway } from "./ec2transitgateway";
import { getPolicyDocument } from "./iam-policy-document";
import { getAvailabilityZones, getCallerIdentity, getPartition, getRegion } from "./index-module";
import { getZone } from "./route53";
import { getParameter } from "./ssm";

/** Every function the stand-in serves. */
export const invokes: readonly AwsInvoke[] = [
  getAmi,
  getAvailabilityZones,
  getCallerIdentity,
  getParameter,
  getPartition,
  getPolicyDocument,
  getRegion,
  getSubnet,
  getTransitGateway,
  getVpc,
  getZone,
];
