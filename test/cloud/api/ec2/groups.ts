import { AwsError } from "../gateway/errors";
import type { Params } from "../gateway/params";
import { textAt } from "../gateway/xml";
import { find } from "./find";
import type { RegionState } from "./region-state";

/**
 * Refuses security groups that do not exist (moto would make them) or that belong to another VPC than the subnet.
 *
 * @throws AwsError InvalidGroup.NotFound, InvalidParameter
 */
export async function checkGroups(region: RegionState, params: Params, subnetId?: string): Promise<void> {
  const ids = Object.entries(params)
    .filter(([name]) => /(^|\.)(SecurityGroupId|GroupId)\.\d+$/.test(name))
    .map(([, value]) => value);
  if (ids.length === 0) return;
  const vpcId = subnetId === undefined ? undefined : textAt(await find(region, "subnets", subnetId), "vpcId");
  for (const id of ids) {
    const group = await find(region, "securityGroups", id);
    if (vpcId === undefined || textAt(group, "vpcId") === vpcId) continue;
    throw new AwsError(
      "InvalidParameter",
      `Security group ${id} and subnet ${subnetId ?? ""} belong to different networks.`,
    );
  }
}
