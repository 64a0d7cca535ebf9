import { canonicalCidr } from "../ec2/cidr";
import { find } from "../ec2/find";
import { instanceInterface } from "../ec2/instance-interface";
import type { Ec2Region } from "../ec2/region";
import { checkDestination } from "../ec2/route-destinations";
import { AwsError, notImplemented } from "../gateway/errors";
import type { Context, Handlers } from "../gateway/handler";
import type { Params } from "../gateway/params";
import { itemsAt, textAt, type XmlElement } from "../gateway/xml";

/** The parameters that name a target, of which a call has exactly one. */
const TARGETS = ["GatewayId", "InstanceId", "NatGatewayId", "NetworkInterfaceId", "TransitGatewayId"];

/** Routes: one target, canonical destinations, no silent overwriting. */
export const routeHandlers: Handlers = {
  "ec2:CreateRoute": {
    check: async (context) => {
      const { destination, table, targetParam } = await checked(context);
      if (routeTo(table, destination) !== undefined) {
        throw new AwsError("RouteAlreadyExists", `The route identified by ${destination} already exists.`);
      }
      await checkDestination(context.ec2, table, destination, targetParam);
    },
    run: async (context) => context.forward(await asStored(context)),
  },
  "ec2:ReplaceRoute": {
    check: async (context) => {
      const { destination, table, targetParam } = await checked(context);
      const route = routeTo(table, destination);
      if (textAt(route, "gatewayId") === "local") {
        throw notImplemented("ReplaceRoute of a local route", "Leave the VPC's own routes as they are.");
      }
      if (route === undefined) {
        throw new AwsError(
          "InvalidParameterValue",
          `There is no route defined for '${destination}' in the route table. Use CreateRoute instead.`,
        );
      }
      await checkDestination(context.ec2, table, destination, targetParam);
    },
    run: async (context) => context.forward(await asStored(context)),
  },
  "ec2:DeleteRoute": {
    check: async ({ call, ec2 }) => {
      const destination = destinationOf(call.params);
      const table = await find(ec2, "routeTables", required(call.params, "RouteTableId"));
      const route = routeTo(table, destination);
      const tableId = textAt(table, "routeTableId");
      if (route === undefined) {
        throw new AwsError(
          "InvalidRoute.NotFound",
          `no route with destination-cidr-block ${destination} in route table ${tableId}`,
        );
      }
      if (textAt(route, "gatewayId") === "local") {
        throw new AwsError(
          "InvalidParameterValue",
          `cannot remove local route ${destination} in route table ${tableId}`,
        );
      }
    },
    run: ({ call, forward }) => forward({ ...call.params, DestinationCidrBlock: destinationOf(call.params) }),
  },
};

interface Checked {
  destination: string;
  table: XmlElement;
  targetParam: string;
}

async function checked({ call, ec2 }: Context): Promise<Checked> {
  const destination = destinationOf(call.params);
  const targetParam = targetOf(call.params);
  const table = await find(ec2, "routeTables", required(call.params, "RouteTableId"));
  await checkTarget(ec2, table, targetParam, call.params[targetParam] ?? "");
  return { destination, table, targetParam };
}

function destinationOf(params: Params): string {
  return canonicalCidr(required(params, "DestinationCidrBlock"), "destinationCidrBlock");
}

function required(params: Params, name: string): string {
  const value = params[name];
  if (value !== undefined && value !== "") return value;
  const parameter = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
  throw new AwsError("MissingParameter", `The request must contain the parameter ${parameter}`);
}

function targetOf(params: Params): string {
  const given = TARGETS.filter((name) => params[name] !== undefined);
  const [first, second] = given;
  if (first === undefined) {
    throw new AwsError(
      "MissingParameter",
      "The request must contain exactly one of gatewayId, natGatewayId, " +
        "networkInterfaceId, vpcPeeringConnectionId, egressOnlyInternetGatewayId, transitGatewayId, localGatewayId, " +
        "carrierGatewayId, vpcEndpointId, coreNetworkArn, instanceId",
    );
  }
  if (second !== undefined) {
    throw new AwsError(
      "InvalidParameterCombination",
      `The parameters ${given.join(" and ")} cannot be used together: a route has exactly one target`,
    );
  }
  return first;
}

async function checkTarget(ec2: Ec2Region, table: XmlElement, param: string, id: string): Promise<void> {
  switch (param) {
    case "NetworkInterfaceId":
      sameNetwork(table, await find(ec2, "networkInterfaces", id), `interface ${id}`);
      return;
    case "InstanceId":
      sameNetwork(table, await instanceInterface(ec2, id), `instance ${id}`);
      return;
    case "NatGatewayId":
      await find(ec2, "natGateways", id);
      return;
    case "TransitGatewayId":
      await attachedTransitGateway(ec2, table, id);
      return;
    default:
      await attachedInternetGateway(ec2, table, id);
  }
}

function sameNetwork(table: XmlElement, target: XmlElement, what: string): void {
  if (textAt(target, "vpcId") === textAt(table, "vpcId")) return;
  const tableId = textAt(table, "routeTableId");
  throw new AwsError(
    "InvalidParameterValue",
    `route table ${tableId} and ${what} belong to different networks`,
  );
}

async function attachedTransitGateway(ec2: Ec2Region, table: XmlElement, id: string): Promise<void> {
  await find(ec2, "transitGateways", id);
  const vpcId = textAt(table, "vpcId");
  const attachments = await ec2.list("transitGatewayVpcAttachments");
  if (attachments.some((one) => textAt(one, "transitGatewayId") === id && textAt(one, "vpcId") === vpcId))
    return;
  throw new AwsError("InvalidTransitGatewayID.NotFound", `transitGateway ID '${id}' does not exist.`);
}

async function attachedInternetGateway(ec2: Ec2Region, table: XmlElement, id: string): Promise<void> {
  if (!id.startsWith("igw-"))
    throw notImplemented(`routes to the gateway "${id}"`, "The lab has internet gateways.");
  const gateway = await find(ec2, "internetGateways", id);
  const vpcId = textAt(table, "vpcId");
  if (itemsAt(gateway, "attachmentSet").some((one) => textAt(one, "vpcId") === vpcId)) return;
  const tableId = textAt(table, "routeTableId");
  throw new AwsError(
    "InvalidParameterValue",
    `route table ${tableId} and network gateway ${id} belong to different networks`,
  );
}

function routeTo(table: XmlElement, destination: string): XmlElement | undefined {
  return itemsAt(table, "routeSet").find((route) => textAt(route, "destinationCidrBlock") === destination);
}

/** A route to an instance is one to its interface, as AWS keeps it: it stays there when the interface moves. */
async function asStored({ call, ec2 }: Context): Promise<Params> {
  const { InstanceId: instanceId, ...params } = call.params;
  const destination = { DestinationCidrBlock: destinationOf(call.params) };
  if (instanceId === undefined) return { ...params, ...destination };
  const eni = await instanceInterface(ec2, instanceId);
  return { ...params, ...destination, NetworkInterfaceId: textAt(eni, "networkInterfaceId") };
}
