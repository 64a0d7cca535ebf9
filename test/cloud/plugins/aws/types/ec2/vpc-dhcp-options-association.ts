import { required, text } from "../../../frame/fields";
import { textOf } from "../../context";
import { resource } from "../../define";

export const vpcDhcpOptionsAssociation = resource({
  token: "aws:ec2/vpcDhcpOptionsAssociation:VpcDhcpOptionsAssociation",
  inputs: { vpcId: required(text({ forceNew: true })), dhcpOptionsId: required(text()) },
  outputs: [],
  gone: ["InvalidVpcID.NotFound", "InvalidDhcpOptionID.NotFound", "InvalidDhcpOptionsID.NotFound"],
  async create(context, inputs) {
    await context.ec2("AssociateDhcpOptions", { DhcpOptionsId: inputs.dhcpOptionsId, VpcId: inputs.vpcId });
    return `${inputs.dhcpOptionsId}-${inputs.vpcId}`;
  },
  async read(context, id, prior) {
    const vpcId =
      textOf(prior.state, "vpcId") || textOf(prior.inputs, "vpcId") || id.slice(id.indexOf("vpc-"));
    const it = (await context.ec2("DescribeVpcs", { VpcIds: [vpcId] })).Vpcs?.[0];
    const options = it?.DhcpOptionsId;
    // "default" is what a VPC is given when an association is deleted.
    if (options === undefined || options === "default") return undefined;
    return { id: `${options}-${vpcId}`, vpcId, dhcpOptionsId: options };
  },
  async update(context, _id, news) {
    await context.ec2("AssociateDhcpOptions", { DhcpOptionsId: news.dhcpOptionsId, VpcId: news.vpcId });
  },
  async delete(context, _id, state) {
    await context.ec2("AssociateDhcpOptions", { DhcpOptionsId: "default", VpcId: textOf(state, "vpcId") });
  },
});
