import { required, text, words } from "../../../frame/fields";
import { need } from "../../context";
import { resource } from "../../define";
import { ec2Tags, tagState } from "../../tags";
import { applyRoutes, gatewaysField, routesField } from "./route-table-routes";
import { ownRoutes } from "./routes";

/** The VPC's own main table, adopted: never made and never deleted; its routes are what the program says. */
export const defaultRouteTable = resource(
  {
    token: "aws:ec2/defaultRouteTable:DefaultRouteTable",
    inputs: {
      defaultRouteTableId: required(text({ forceNew: true })),
      routes: routesField,
      propagatingVgws: gatewaysField,
    },
    outputs: words("arn ownerId vpcId tagsAll"),
    gone: ["InvalidRouteTableID.NotFound"],
    async create(context, inputs) {
      const id = inputs.defaultRouteTableId;
      const it = (await context.ec2("DescribeRouteTables", { RouteTableIds: [id] })).RouteTables?.[0];
      await applyRoutes(context, id, inputs.routes ?? [], ownRoutes(it?.Routes));
      const had = tagState(context, it?.Tags, {}).tagsAll;
      await ec2Tags(context, id, inputs.tagsAll, had);
      return id;
    },
    async read(context, id, prior) {
      const it = (await context.ec2("DescribeRouteTables", { RouteTableIds: [id] })).RouteTables?.[0];
      if (!it) return undefined;
      return {
        id,
        defaultRouteTableId: id,
        arn: `arn:${context.partition}:ec2:${context.region}:${need(it.OwnerId, "the route table's owner")}:route-table/${id}`,
        vpcId: it.VpcId,
        ownerId: it.OwnerId,
        routes: ownRoutes(it.Routes),
        propagatingVgws: [],
        ...tagState(context, it.Tags, prior.inputs),
      };
    },
    async update(context, id, news, changes) {
      if (!changes.has("routes")) return;
      const it = (await context.ec2("DescribeRouteTables", { RouteTableIds: [id] })).RouteTables?.[0];
      await applyRoutes(context, id, news.routes, ownRoutes(it?.Routes));
    },
    delete(context, id) {
      context.say(`${id} stays as it is: a VPC's main route table can't be deleted.`, "debug");
      return Promise.resolve();
    },
  },
  { tags: ec2Tags },
);
