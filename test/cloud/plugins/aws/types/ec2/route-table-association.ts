import { exactlyOne } from "../../../frame/check";
import { required, text } from "../../../frame/fields";
import { type Values } from "../../../frame/values";
import { type AwsContext, need, textOf } from "../../context";
import { resource } from "../../define";

export const routeTableAssociation = resource({
  token: "aws:ec2/routeTableAssociation:RouteTableAssociation",
  inputs: {
    routeTableId: required(text()),
    subnetId: text({ forceNew: true }),
    gatewayId: text({ forceNew: true }),
  },
  outputs: [],
  gone: ["InvalidAssociationID.NotFound", "InvalidRouteTableID.NotFound"],
  check: (inputs) => exactlyOne(inputs, ["subnetId", "gatewayId"]),
  async create(context, inputs) {
    const answer = await context.ec2("AssociateRouteTable", {
      RouteTableId: inputs.routeTableId,
      SubnetId: inputs.subnetId,
      GatewayId: inputs.gatewayId,
    });
    return need(answer.AssociationId, "the association's id");
  },
  async read(context, id, prior) {
    const at = idNow(id, prior.state);
    const slash = at.split("/");
    const byId = slash.length === 1;
    const filter = byId
      ? { Name: "association.route-table-association-id", Values: [at] }
      : { Name: "association.subnet-id", Values: [slash[0] ?? ""] };
    const { RouteTables } = await context.ec2("DescribeRouteTables", { Filters: [filter] });
    const all = (RouteTables ?? []).flatMap((table) => table.Associations ?? []);
    const it = all.find((association) =>
      byId
        ? association.RouteTableAssociationId === at
        : association.SubnetId === slash[0] && association.RouteTableId === slash[1],
    );
    if (!it) return undefined;
    return {
      id: it.RouteTableAssociationId,
      routeTableId: it.RouteTableId,
      subnetId: it.SubnetId ?? "",
      gatewayId: it.GatewayId ?? "",
    };
  },
  async update(context, id, news, _changes, state) {
    const answer = await context.ec2("ReplaceRouteTableAssociation", {
      AssociationId: idNow(id, state),
      RouteTableId: news.routeTableId,
    });
    // The replaced association has another id; the engine keeps the first, so the state carries the present one.
    state["id"] = need(answer.NewAssociationId, "the new association's id");
  },
  async delete(context, id, state) {
    await disassociate(context, idNow(id, state));
  },
});

const idNow = (id: string, state: Values): string => textOf(state, "id") || id;

async function disassociate(context: AwsContext, id: string): Promise<void> {
  await context.ec2("DisassociateRouteTable", { AssociationId: id });
}
