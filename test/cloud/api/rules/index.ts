import type { Handlers } from "../gateway/handler";
import { PARAMETERS } from "../parameters";
import { blockHandlers } from "./blocks";
import { dependencyHandlers } from "./dependencies";
import { describeHandlers } from "./describes";
import { hostedZoneHandlers } from "./hosted-zones";
import { identityHandlers } from "./identities";
import { imageHandlers } from "./images";
import { instanceAttributeHandlers } from "./instance-attributes";
import { instanceDescribeHandlers } from "./instance-describes";
import { instanceOptionHandlers } from "./instance-options";
import { instanceProfileHandlers } from "./instance-profiles";
import { instanceStateHandlers } from "./instance-states";
import { launchHandlers } from "./launch";
import { networkInterfaceHandlers } from "./network-interfaces";
import { permissionsBoundaryHandlers } from "./permissions-boundaries";
import { recordSetHandlers } from "./record-sets";
import { routeHandlers } from "./routes";
import { secondaryAddressHandlers } from "./secondary-addresses";
import { tagHandlers } from "./tags";
import { tenancyHandlers } from "./tenancy";
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
  ...instanceProfileHandlers,
  ...instanceStateHandlers,
  ...instanceAttributeHandlers,
  ...launchHandlers,
  ...imageHandlers,
  ...routeHandlers,
  ...networkInterfaceHandlers,
  ...secondaryAddressHandlers,
  ...volumeHandlers,
  ...dependencyHandlers,
  ...blockHandlers,
  ...tagHandlers,
  ...tenancyHandlers,
  ...vpcEndpointHandlers,
  ...transitGatewayHandlers,
  ...transitGatewayRouteHandlers,
  ...transitGatewayTableHandlers,
  ...identityHandlers,
  ...permissionsBoundaryHandlers,
  ...hostedZoneHandlers,
  ...recordSetHandlers,
};
