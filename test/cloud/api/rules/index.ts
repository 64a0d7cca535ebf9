import type { Handlers } from "../gateway/handler";
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
import { keyPairHandlers } from "./key-pairs";
import { launchHandlers } from "./launch";
import { networkInterfaceHandlers } from "./network-interfaces";
import { permissionsBoundaryHandlers } from "./permissions-boundaries";
import { recordSetHandlers } from "./record-sets";
import { routeHandlers } from "./routes";
import { secondaryAddressHandlers } from "./secondary-addresses";
import { tagHandlers } from "./tags";
import { tenancyHandlers } from "./tenancy";
import { transitGatewayRouteHandlers } from "./transit-gateway-routes";
import { transitGatewayHandlers } from "./transit-gateways";
import { vettedHandlers } from "./vetted";
import { volumeHandlers } from "./volumes";
import { vpcEndpointHandlers } from "./vpc-endpoints";

/** Every action that the offline cloud has. */
export const handlers: Handlers = {
  ...vettedHandlers,
  ...describeHandlers,
  ...instanceDescribeHandlers,
  ...instanceOptionHandlers,
  ...instanceProfileHandlers,
  ...instanceStateHandlers,
  ...instanceAttributeHandlers,
  ...launchHandlers,
  ...keyPairHandlers,
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
  ...identityHandlers,
  ...permissionsBoundaryHandlers,
  ...hostedZoneHandlers,
  ...recordSetHandlers,
};
