import type { Handlers } from "../gateway/handler";
import { blockHandlers } from "./blocks";
import { dependencyHandlers } from "./dependencies";
import { describeHandlers } from "./describes";
import { hostedZoneHandlers } from "./hosted-zones";
import { identityHandlers } from "./identities";
import { imageHandlers } from "./images";
import { instanceAttributeHandlers } from "./instance-attributes";
import { instanceDescribeHandlers } from "./instance-describes";
import { instanceStateHandlers } from "./instance-states";
import { launchHandlers } from "./launch";
import { networkInterfaceHandlers } from "./network-interfaces";
import { recordSetHandlers } from "./record-sets";
import { routeHandlers } from "./routes";
import { tagHandlers } from "./tags";
import { transitGatewayRouteHandlers } from "./transit-gateway-routes";
import { transitGatewayHandlers } from "./transit-gateways";
import { vettedHandlers } from "./vetted";
import { vpcEndpointHandlers } from "./vpc-endpoints";

/** Every action that the offline cloud has. */
export const handlers: Handlers = {
  ...vettedHandlers,
  ...describeHandlers,
  ...instanceDescribeHandlers,
  ...instanceStateHandlers,
  ...instanceAttributeHandlers,
  ...launchHandlers,
  ...imageHandlers,
  ...routeHandlers,
  ...networkInterfaceHandlers,
  ...dependencyHandlers,
  ...blockHandlers,
  ...tagHandlers,
  ...vpcEndpointHandlers,
  ...transitGatewayHandlers,
  ...transitGatewayRouteHandlers,
  ...identityHandlers,
  ...hostedZoneHandlers,
  ...recordSetHandlers,
};
