import { EC2Client } from "@aws-sdk/client-ec2";
import { Route53Client } from "@aws-sdk/client-route-53";
import { LAB_CREDENTIALS } from "../../test/cloud/api/admin/types";
import { labRegion } from "../../test/cloud/lab";
import type { RunningLab } from "./running-lab";

// The SDK's notice about future versions of Node is for us who choose the version, not for who runs a command.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

export interface LabClients {
  readonly ec2: EC2Client;
  readonly route53: Route53Client;
}

/** Clients of a lab's fake AWS, whatever the environment of this process says. */
export function labClients({ url }: RunningLab): LabClients {
  // The SDK takes these two from the environment, and refuses them beside an endpoint.
  const plain = { useFipsEndpoint: false, useDualstackEndpoint: false };
  const settings = { region: labRegion, endpoint: url, credentials: LAB_CREDENTIALS, ...plain };
  return { ec2: new EC2Client(settings), route53: new Route53Client(settings) };
}
