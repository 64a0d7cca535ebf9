import type { ImdsCredentials } from "../admin/types";
import { find } from "../ec2/find";
import type { Ec2Region } from "../ec2/region";
import { textAt, type XmlElement } from "../gateway/xml";
import type { Directory } from "../iam/directory";
import { asImds, type Principals } from "../iam/principals";
import { AwsError } from "./errors";
import { partitionOf } from "./partition";

/** Lets the status checks of an instance fail, or pass again; the region it is in. */
export async function impair(regions: Ec2Region[], instanceId: string, impaired: boolean): Promise<string> {
  const { region } = await locate(regions, instanceId);
  if (impaired) region.impaired.set(instanceId, new Date().toISOString());
  else region.impaired.delete(instanceId);
  region.changed("StateChange");
  return region.name;
}

/** Fresh credentials of the instance's role, for a session named after the instance, as EC2 makes them. */
export async function instanceCredentials(
  regions: Ec2Region[],
  instanceId: string,
  directory: Directory,
  principals: Principals,
): Promise<ImdsCredentials> {
  const { region, instance } = await locate(regions, instanceId);
  const profile = textAt(instance, "iamInstanceProfile.arn");
  const { roles } = await directory.account(partitionOf(region.name));
  const role = [...roles.values()].find((one) => one.profiles.includes(profile));
  if (role === undefined) {
    const why = profile === "" ? "it was launched without an instance profile" : `${profile} has no role`;
    throw new TypeError(`There are no credentials for ${instanceId}: ${why}`);
  }
  return asImds(principals.openSession(role, instanceId));
}

async function locate(
  regions: Ec2Region[],
  instanceId: string,
): Promise<{ region: Ec2Region; instance: XmlElement }> {
  for (const region of regions) {
    try {
      return { region, instance: await find(region, "instances", instanceId) };
    } catch (error) {
      if (!(error instanceof AwsError) || !error.code.startsWith("InvalidInstanceID")) throw error;
    }
  }
  throw new TypeError(`There is no instance ${instanceId}`);
}
