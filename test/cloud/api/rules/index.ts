import type { Handlers } from "../gateway/handler";
import { PARAMETERS } from "../parameters";
import { blockHandlers } from "./blocks";
import { dependencyHandlers } from "./dependencies";
import { describeHandlers } from "./describes";
import { dhcpOptionHandlers } from "./dhcp-options";
import { elasticAddressHandlers } from "./elastic-addresses";
import { hostedZoneHandlers } from "./hosted-zones";
import { iamListHandlers } from "./iam-lists";
import { identityHandlers } from "./identities";
import { instanceAttributeHandlers } from "./instance-attributes";
import { instanceDescribeHandlers } from "./instance-describes";
import { instanceMetadataHandlers } from "./instance-metadata";
import { instanceOptionHandlers } from "./instance-options";
import { instanceProfileHandlers } from "./instance-profiles";
import { instanceStateHandlers } from "./instance-states";
import { keyPairHandlers } from "./key-pairs";
import { launchHandlers } from "./launch";
import { motoListHandlers } from "./lists-of-moto";
import { networkInterfaceHandlers } from "./network-interfaces";
import { parameterHandlers } from "./parameters";
import { permissionsBoundaryHandlers } from "./permissions-boundaries";
import { recordSetHandlers } from "./record-sets";
import { routeTableAssociationHandlers } from "./route-table-associations";
import { routeHandlers } from "./routes";
import { secondaryAddressHandlers } from "./secondary-addresses";
import { tagHandlers } from "./tags";
import { tenancyHandlers, vpcAttributeHandlers } from "./tenancy";
import { transitGatewayRouteHandlers } from "./transit-gateway-routes";
import { transitGatewayTableHandlers } from "./transit-gateway-tables";
import { transitGatewayHandlers } from "./transit-gateways";
import { volumeHandlers } from "./volumes";
import { vpcEndpointHandlers } from "./vpc-endpoints";

/** Actions that moto answers as AWS does, as far as they are declared and nothing below says otherwise. */
const forwarded: Handlers = Object.fromEntries([...PARAMETERS.keys()].map((action) => [action, {}]));

/** Every action that the offline cloud has. */
export const handlers: Handlers = {
  ...forwarded,
  ...describeHandlers,
  ...instanceDescribeHandlers,
  ...instanceOptionHandlers,
  ...instanceMetadataHandlers,
  ...dhcpOptionHandlers,
  ...elasticAddressHandlers,
  ...instanceProfileHandlers,
  ...instanceStateHandlers,
  ...instanceAttributeHandlers,
  ...launchHandlers,
  ...motoListHandlers,
  ...keyPairHandlers,
  ...routeHandlers,
  ...networkInterfaceHandlers,
  ...secondaryAddressHandlers,
  ...volumeHandlers,
  ...dependencyHandlers,
  ...routeTableAssociationHandlers,
  ...blockHandlers,
  ...tagHandlers,
  ...tenancyHandlers,
  ...vpcAttributeHandlers,
  ...vpcEndpointHandlers,
  ...transitGatewayHandlers,
  ...transitGatewayRouteHandlers,
  ...transitGatewayTableHandlers,
  ...iamListHandlers,
  ...identityHandlers,
  ...permissionsBoundaryHandlers,
  ...hostedZoneHandlers,
  ...recordSetHandlers,
  ...parameterHandlers,
};
