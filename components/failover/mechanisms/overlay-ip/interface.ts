/**
 * The interface that an overlay IP leads to: with its source/dest check on, packets for an address that is not its own are
 * dropped, although every route is right.
 */
import type { NetworkInterface } from "@aws-sdk/client-ec2";
import type { Location } from "../../core/contract";
import type { Context } from "../../core/context";
import { kindOf } from "../../core/errors";
import type { OverlayIpService } from "./service";
import { deadlineIn, persist } from "../../core/retry";

/** Adds to the places that the active node's check is on. */
export async function inspectInterface(
  service: OverlayIpService,
  location: Location,
  context: Context,
): Promise<Location> {
  const eni = service.candidates[location.node ?? ""]?.networkInterfaceId;
  if (eni === undefined) return location;
  const found = await interfaceOf(eni, service.region, context);
  if (found?.SourceDestCheck !== true) return location;
  const off = `leads to ${eni}, whose source/dest check is on: packets to ${service.destination} are dropped there`;
  return { ...location, places: location.places.map((place) => ({ ...place, off: place.off ?? off })) };
}

/** Undefined: it is gone, as its node is; the routes say so themselves. */
async function interfaceOf(
  eni: string,
  region: string,
  context: Context,
): Promise<NetworkInterface | undefined> {
  const ec2 = await context.ec2(region);
  try {
    const answer = await persist(
      (options) => ec2.describeNetworkInterfaces({ NetworkInterfaceIds: [eni] }, options),
      { deadline: deadlineIn(context.limits.look), perCall: context.limits.readCall },
    );
    return answer.NetworkInterfaces?.[0];
  } catch (error) {
    if (kindOf(error) === "gone") return undefined;
    throw error;
  }
}

/** Switches the check off. */
export async function mendInterface(
  service: OverlayIpService,
  node: string,
  context: Context,
): Promise<void> {
  const NetworkInterfaceId = service.candidates[node]?.networkInterfaceId;
  if (NetworkInterfaceId === undefined) return;
  const ec2 = await context.ec2(service.region);
  const input = { NetworkInterfaceId, SourceDestCheck: { Value: false } };
  await persist((options) => ec2.modifyNetworkInterfaceAttribute(input, options), {
    deadline: deadlineIn(context.limits.look),
    perCall: context.limits.writeCall,
  });
}
