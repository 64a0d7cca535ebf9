/**
 * Private zones that keep clients from a service name: of the zones that a VPC's resolver knows, the most specific one
 * answers, and no other (Route 53 Developer Guide, "Considerations when working with a private hosted zone").
 */
import type { HostedZoneSummary, VPCRegion } from "@aws-sdk/client-route-53";
import type { Context, Route53Calls } from "../../core/context";
import { normalName } from "./record";
import { kindOf } from "../../core/errors";
import { type Deadline, persist } from "../../core/retry";

export interface NameInVpc {
  readonly hostedZoneId: string;
  readonly name: string;
  readonly region: string;
  readonly vpcId?: string;
}

/** The zone that answers for the name in the service's stead, if there is one. */
export async function shadowingZone(
  route53: Route53Calls,
  service: NameInVpc,
  context: Context,
  deadline: Deadline,
): Promise<{ id: string; name: string } | undefined> {
  if (service.vpcId === undefined) return undefined;
  const zones = await zonesOf(route53, service.vpcId, service.region, context, deadline);
  const own = zones.find(({ HostedZoneId: id }) => id === plainId(service.hostedZoneId));
  // A zone that the VPC doesn't know is another problem, and has a check of its own.
  if (own?.Name === undefined) return undefined;
  const ownLength = normalName(own.Name).length;
  const name = normalName(service.name);
  const [first] = zones
    .flatMap(({ HostedZoneId: id, Name }) =>
      id === undefined || Name === undefined ? [] : [{ id, name: normalName(Name) }],
    )
    .filter((zone) => zone.id !== plainId(service.hostedZoneId) && zone.name.length > ownLength)
    .filter((zone) => name === zone.name || name.endsWith(`.${zone.name}`))
    .sort((one, other) => other.name.length - one.name.length);
  return first;
}

const plainId = (id: string): string => id.replace(/^\/?hostedzone\//, "");

async function zonesOf(
  route53: Route53Calls,
  VPCId: string,
  region: string,
  context: Context,
  deadline: Deadline,
): Promise<HostedZoneSummary[]> {
  const found: HostedZoneSummary[] = [];
  let NextToken: string | undefined;
  try {
    do {
      const input = { VPCId, VPCRegion: region as VPCRegion, NextToken };
      const answer = await persist((options) => route53.listHostedZonesByVPC(input, options), {
        deadline,
        perCall: context.limits.readCall,
      });
      found.push(...(answer.HostedZoneSummaries ?? []));
      NextToken = answer.NextToken;
    } while (NextToken !== undefined && NextToken !== "");
  } catch (error) {
    // Who may move the record need not be allowed to see the VPC's other zones: a failover must not fail for that.
    if (kindOf(error) !== "denied") throw error;
  }
  return found;
}
