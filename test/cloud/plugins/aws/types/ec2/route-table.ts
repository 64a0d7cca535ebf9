import { required, text, words } from "../../../frame/fields";
import { need } from "../../context";
import { resource } from "../../define";
import { ec2Tags, tagSpecs, tagState } from "../../tags";
import { applyRoutes, gatewaysField, routesField } from "./route-table-routes";
import { ownRoutes } from "./routes";

export const routeTable = resource(
  {
    token: "aws:ec2/routeTable:RouteTable",
    inputs: {
      vpcId: required(text({ forceNew: true })),
      routes: routesField,
      propagatingVgws: gatewaysField,
    },
    outputs: words("arn ownerId tagsAll"),
    gone: ["InvalidRouteTableID.NotFound"],
    busy: ["DependencyViolation"],
    check: (inputs) =>
      inputs.propagatingVgws === undefined || inputs.propagatingVgws.length === 0
        ? []
        : [
            {
              property: "propagatingVgws",
              reason: "VPN gateways aren't handled by the offline cloud's stand-in. Leave it out.",
            },
          ],
    async create(context, inputs) {
      const answer = await context.ec2("CreateRouteTable", {
        VpcId: inputs.vpcId,
        TagSpecifications: tagSpecs("route-table", inputs.tagsAll),
      });
      const id = need(answer.RouteTable?.RouteTableId, "the route table's id");
      context.created(id);
      await applyRoutes(context, id, inputs.routes, []);
      return id;
    },
    async read(context, id, prior) {
      const it = (await context.ec2("DescribeRouteTables", { RouteTableIds: [id] })).RouteTables?.[0];
      if (!it) return undefined;
      // Without inline routes the table's routes belong to others (Route, failover): their changes are not its drift.
      const importing = Object.keys(prior.inputs).length === 0 && Object.keys(prior.state).length === 0;
      const inline = importing || prior.inputs["routes"] !== undefined;
      return {
        id,
        arn: `arn:${context.partition}:ec2:${context.region}:${need(it.OwnerId, "the route table's owner")}:route-table/${id}`,
        vpcId: it.VpcId,
        ownerId: it.OwnerId,
        routes: inline ? ownRoutes(it.Routes) : [],
        propagatingVgws: [],
        ...tagState(context, it.Tags, prior.inputs),
      };
    },
    async update(context, id, news, changes) {
      if (!changes.has("routes")) return;
      const it = (await context.ec2("DescribeRouteTables", { RouteTableIds: [id] })).RouteTables?.[0];
      await applyRoutes(context, id, news.routes, ownRoutes(it?.Routes));
    },
    async delete(context, id) {
      await context.ec2("DeleteRouteTable", { RouteTableId: id });
    },
  },
  { tags: ec2Tags },
);
