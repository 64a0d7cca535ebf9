/** What inline routes and routes of their own have in common. */
import { type Route } from "@aws-sdk/client-ec2";
import { isValues, type Values } from "../../../frame/values";
import { cidr } from "../../normalise";

/** Property of the program, and the parameter of the EC2 API. */
export const TARGETS = {
  gatewayId: "GatewayId",
  natGatewayId: "NatGatewayId",
  networkInterfaceId: "NetworkInterfaceId",
  transitGatewayId: "TransitGatewayId",
  vpcEndpointId: "VpcEndpointId",
  vpcPeeringConnectionId: "VpcPeeringConnectionId",
  egressOnlyGatewayId: "EgressOnlyInternetGatewayId",
  carrierGatewayId: "CarrierGatewayId",
  localGatewayId: "LocalGatewayId",
  coreNetworkArn: "CoreNetworkArn",
} as const;

const DESTINATIONS = {
  cidrBlock: "DestinationCidrBlock",
  ipv6CidrBlock: "DestinationIpv6CidrBlock",
  destinationPrefixListId: "DestinationPrefixListId",
} as const;

type Parameters = Record<string, string>;

export function targetOf(route: Values): Parameters {
  return parameters(route, TARGETS);
}

/** Accepts the names of inline routes (`cidrBlock`) and of the Route type (`destinationCidrBlock`). */
export function destinationOf(route: Values): Parameters {
  const { destinationCidrBlock, destinationIpv6CidrBlock, ...rest } = route;
  return parameters(
    { cidrBlock: destinationCidrBlock, ipv6CidrBlock: destinationIpv6CidrBlock, ...rest },
    DESTINATIONS,
  );
}

function parameters(route: Values, names: Readonly<Record<string, string>>): Parameters {
  const found: Parameters = {};
  for (const [property, parameter] of Object.entries(names)) {
    const value = route[property];
    if (typeof value === "string" && value !== "") found[parameter] = value;
  }
  return found;
}

export function keyOf(destination: Parameters): string {
  return cidr(Object.values(destination)[0] ?? "");
}

export function findRoute(routes: readonly Route[] | undefined, destination: Parameters): Route | undefined {
  const key = keyOf(destination);
  return routes?.find((route) => keyOf(destinationOf(fromAws(route))) === key);
}

/** A gateway endpoint shows as a gateway; the official provider has a property of its own for it. */
export function fromAws(route: Route): Values {
  const endpoint = route.GatewayId?.startsWith("vpce-") === true;
  return {
    cidrBlock: route.DestinationCidrBlock,
    ipv6CidrBlock: route.DestinationIpv6CidrBlock,
    destinationPrefixListId: route.DestinationPrefixListId,
    gatewayId: endpoint ? undefined : route.GatewayId,
    vpcEndpointId: endpoint ? route.GatewayId : undefined,
    natGatewayId: route.NatGatewayId,
    networkInterfaceId: route.NetworkInterfaceId,
    transitGatewayId: route.TransitGatewayId,
    vpcPeeringConnectionId: route.VpcPeeringConnectionId,
    egressOnlyGatewayId: route.EgressOnlyInternetGatewayId,
    carrierGatewayId: route.CarrierGatewayId,
    localGatewayId: route.LocalGatewayId,
    coreNetworkArn: route.CoreNetworkArn,
  };
}

/** The routes that a person made: not the VPC's own, not a gateway endpoint's, not a VPN gateway's. */
export function ownRoutes(routes: readonly Route[] | undefined): Values[] {
  return (routes ?? [])
    .filter((route) => route.GatewayId !== "local" && route.Origin !== "EnableVgwRoutePropagation")
    .filter((route) => route.Origin !== "CreateRouteTable" && !(route.GatewayId ?? "").startsWith("vpce-"))
    .map((route) =>
      Object.fromEntries(Object.entries(fromAws(route)).filter(([, value]) => value !== undefined)),
    );
}

export const asRoutes = (value: unknown): Values[] => (Array.isArray(value) ? value.filter(isValues) : []);
