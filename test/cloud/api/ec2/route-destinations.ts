import { AwsError } from "../gateway/errors";
import { itemsAt, textAt, type XmlElement } from "../gateway/xml";
import { contains, parseCidr } from "./cidr";
import { find } from "./find";
import type { RegionState } from "./region-state";

/**
 * Refuses destinations that a route cannot have. Inside of the VPC it is a whole subnet, and the target a middlebox: an
 * interface, an instance or a NAT gateway (Amazon VPC User Guide, "Route tables", "More specific routes"). In a
 * gateway's table there are no other destinations, and interfaces only ("Gateway route tables").
 *
 * @throws AwsError InvalidParameterValue
 */
export async function checkDestination(
  region: RegionState,
  table: XmlElement,
  destination: string,
  targetParam: string,
): Promise<void> {
  const vpc = await find(region, "vpcs", textAt(table, "vpcId"));
  const isInside = inside(vpc, destination);
  if (isGatewayTable(table)) {
    if (!isInside) throw outside(table, destination);
    if (!TO_INTERFACES.includes(targetParam)) throw otherTarget();
  }
  if (!isInside) return;
  if (![...TO_INTERFACES, "NatGatewayId"].includes(targetParam)) throw otherTarget();
  const subnets = await region.list("subnets");
  const whole = subnets.some(
    (one) => textAt(one, "vpcId") === textAt(vpc, "vpcId") && textAt(one, "cidrBlock") === destination,
  );
  if (whole) return;
  throw new AwsError("InvalidParameterValue", "Route destination doesn't match any subnet CIDR blocks.");
}

/**
 * Refuses a table whose routes a gateway's table cannot have.
 *
 * @throws AwsError InvalidParameterValue
 */
export async function checkForGateway(region: RegionState, table: XmlElement): Promise<void> {
  const vpc = await find(region, "vpcs", textAt(table, "vpcId"));
  for (const route of itemsAt(table, "routeSet")) {
    if (textAt(route, "gatewayId") === "local") continue;
    const destination = textAt(route, "destinationCidrBlock");
    if (!inside(vpc, destination)) throw outside(table, destination);
    if (textAt(route, "networkInterfaceId") === "") throw otherTarget();
  }
}

const TO_INTERFACES = ["NetworkInterfaceId", "InstanceId"];

function inside(vpc: XmlElement, destination: string): boolean {
  const inner = parseCidr(destination);
  return itemsAt(vpc, "cidrBlockAssociationSet").some((one) => {
    const outer = parseCidr(textAt(one, "cidrBlock"));
    return outer !== undefined && inner !== undefined && contains(outer, inner);
  });
}

function isGatewayTable(table: XmlElement): boolean {
  return itemsAt(table, "associationSet").some((one) => textAt(one, "gatewayId") !== "");
}

function otherTarget(): AwsError {
  return new AwsError(
    "InvalidParameterValue",
    "Route target is not supported. This route only supports interface and instance targets.",
  );
}

function outside(table: XmlElement, destination: string): AwsError {
  return new AwsError(
    "InvalidParameterValue",
    `The destination CIDR block ${destination} is outside of the VPC: route table ${textAt(table, "routeTableId")} is ` +
      "associated with a gateway, and routes to the VPC or its subnets only.",
  );
}
