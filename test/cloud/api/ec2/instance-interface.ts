import { AwsError } from "../gateway/errors";
import { type XmlElement } from "../gateway/xml";
import { interfacesOf, primaryOf } from "./corrections";
import { find } from "./find";
import type { Ec2Region } from "./region";

/** An instance can be named in the place of its interface only if there is no doubt which one is meant. */
export async function instanceInterface(ec2: Ec2Region, instanceId: string): Promise<XmlElement> {
  await find(ec2, "instances", instanceId);
  const interfaces = await ec2.list("networkInterfaces");
  if (interfacesOf(interfaces, instanceId).length > 1) {
    throw new AwsError(
      "InvalidInstanceID",
      `There are multiple interfaces attached to instance '${instanceId}'. ` +
        "Please specify an interface ID for the operation instead.",
    );
  }
  const primary = primaryOf(interfaces, instanceId);
  if (primary === undefined) {
    throw new AwsError("InvalidInstanceID", `Instance '${instanceId}' has no network interface`);
  }
  return primary;
}
