import { required, text, words } from "../../../frame/fields";
import { type AwsContext, need, textOf } from "../../context";
import { resource } from "../../define";

export const mainRouteTableAssociation = resource({
  token: "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation",
  inputs: { vpcId: required(text({ forceNew: true })), routeTableId: required(text()) },
  outputs: words("originalRouteTableId"),
  gone: ["InvalidAssociationID.NotFound", "InvalidRouteTableID.NotFound", "InvalidVpcID.NotFound"],
  async create(context, inputs) {
    const before = need(await mainOf(context, inputs.vpcId), `a main route table of ${inputs.vpcId}`);
    originals.set(inputs.vpcId, before.tableId);
    return await replace(context, before.id, inputs.routeTableId);
  },
  async read(context, id, prior) {
    const vpcId = textOf(prior.state, "vpcId") || textOf(prior.inputs, "vpcId");
    const it = await mainOf(context, vpcId);
    if (!it) return undefined;
    return {
      id: it.id || id,
      vpcId,
      routeTableId: it.tableId,
      originalRouteTableId: textOf(prior.state, "originalRouteTableId") || originals.get(vpcId),
    };
  },
  async update(context, _id, news, _changes, state) {
    const now = need(await mainOf(context, news.vpcId), `a main route table of ${news.vpcId}`);
    state["id"] = await replace(context, now.id, news.routeTableId);
  },
  async delete(context, _id, state) {
    const vpcId = textOf(state, "vpcId");
    const now = await mainOf(context, vpcId);
    // A VPC always has a main table: deleting the association gives the place back to the first one.
    if (now) await replace(context, now.id, textOf(state, "originalRouteTableId"));
  },
});

/** Between create and the read that follows it in the same process. */
const originals = new Map<string, string>();

async function mainOf(
  context: AwsContext,
  vpcId: string,
): Promise<{ id: string; tableId: string } | undefined> {
  const { RouteTables } = await context.ec2("DescribeRouteTables", {
    Filters: [
      { Name: "vpc-id", Values: [vpcId] },
      { Name: "association.main", Values: ["true"] },
    ],
  });
  const found = RouteTables?.[0]?.Associations?.find((association) => association.Main === true);
  if (!found) return undefined;
  return {
    id: need(found.RouteTableAssociationId, "the association's id"),
    tableId: need(found.RouteTableId, "the route table's id"),
  };
}

async function replace(context: AwsContext, associationId: string, tableId: string): Promise<string> {
  const answer = await context.ec2("ReplaceRouteTableAssociation", {
    AssociationId: associationId,
    RouteTableId: tableId,
  });
  return need(answer.NewAssociationId, "the new association's id");
}
