import type {
  InternetGateway,
  NatGateway,
  NetworkInterface,
  Route,
  RouteTable,
  RouteTarget,
  Subnet,
} from "../../model";
import { isElement, itemsAt, textAt, type XmlElement } from "../gateway/xml";
import { nameOf } from "./tags";

export function subnet(element: XmlElement): Subnet {
  return {
    id: textAt(element, "subnetId"),
    vpcId: textAt(element, "vpcId"),
    availabilityZone: textAt(element, "availabilityZone"),
    cidrBlock: textAt(element, "cidrBlock"),
    name: nameOf(element),
  };
}

export function routeTable(element: XmlElement): RouteTable {
  const associations = itemsAt(element, "associationSet");
  return {
    id: textAt(element, "routeTableId"),
    vpcId: textAt(element, "vpcId"),
    main: associations.some((one) => textAt(one, "main") === "true"),
    subnetIds: associations.map((one) => textAt(one, "subnetId")).filter((id) => id !== ""),
    routes: itemsAt(element, "routeSet").flatMap(route),
  };
}

/** IPv6 routes and those to prefix lists have no IPv4 block. */
function route(element: XmlElement): Route[] {
  const destinationCidrBlock = textAt(element, "destinationCidrBlock");
  if (destinationCidrBlock === "") return [];
  const state = textAt(element, "state") === "blackhole" ? "blackhole" : "active";
  return [{ destinationCidrBlock, state, target: targetOf(element) }];
}

function targetOf(element: XmlElement): RouteTarget {
  const gatewayId = textAt(element, "gatewayId");
  if (gatewayId === "local") return { kind: "local", id: "" };
  if (gatewayId.startsWith("igw-")) return { kind: "internet-gateway", id: gatewayId };
  const fields = [
    ["network-interface", "networkInterfaceId"],
    ["nat-gateway", "natGatewayId"],
    ["transit-gateway", "transitGatewayId"],
  ] as const;
  for (const [kind, field] of fields) {
    const id = textAt(element, field);
    if (id !== "") return { kind, id };
  }
  return { kind: "other", id: gatewayId || textAt(element, "vpcPeeringConnectionId") };
}

export function networkInterface(element: XmlElement): NetworkInterface {
  const addresses = itemsAt(element, "privateIpAddressesSet").sort(
    (one, other) => Number(textAt(other, "primary") === "true") - Number(textAt(one, "primary") === "true"),
  );
  return {
    id: textAt(element, "networkInterfaceId"),
    vpcId: textAt(element, "vpcId"),
    subnetId: textAt(element, "subnetId"),
    availabilityZone: textAt(element, "availabilityZone"),
    macAddress: textAt(element, "macAddress"),
    addresses: addresses.map((one) => textAt(one, "privateIpAddress")),
    sourceDestCheck: textAt(element, "sourceDestCheck") !== "false",
    securityGroupIds: itemsAt(element, "groupSet").map((one) => textAt(one, "groupId")),
    interfaceType: textAt(element, "interfaceType"),
    publicIp: textAt(element, "association.publicIp"),
    ...attachmentOf(element),
  };
}

const ATTACHMENT_STATES = ["attaching", "attached", "detaching", "detached"] as const;

function attachmentOf(element: XmlElement): Pick<NetworkInterface, "attachment"> {
  const { attachment } = element;
  if (!isElement(attachment) || textAt(attachment, "instanceId") === "") return {};
  const status = ATTACHMENT_STATES.find((one) => one === textAt(attachment, "status"));
  return {
    attachment: {
      id: textAt(attachment, "attachmentId"),
      instanceId: textAt(attachment, "instanceId"),
      deviceIndex: Number(textAt(attachment, "deviceIndex")),
      status: status ?? "attached",
    },
  };
}

export function internetGateway(element: XmlElement): InternetGateway {
  return {
    id: textAt(element, "internetGatewayId"),
    vpcIds: itemsAt(element, "attachmentSet").map((one) => textAt(one, "vpcId")),
  };
}

export function natGateway(element: XmlElement): NatGateway {
  return {
    id: textAt(element, "natGatewayId"),
    vpcId: textAt(element, "vpcId"),
    subnetId: textAt(element, "subnetId"),
    state: textAt(element, "state"),
    privateIp: textAt(element, "natGatewayAddressSet.item.privateIp"),
    publicIp: textAt(element, "natGatewayAddressSet.item.publicIp"),
  };
}
