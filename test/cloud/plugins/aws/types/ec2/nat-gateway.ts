import { text, words } from "../../../frame/fields";
import { until } from "../../../frame/wait";
import { type AwsContext, need } from "../../context";
import { resource } from "../../define";
import { ec2Tags, tagSpecs, tagState } from "../../tags";

export const natGateway = resource(
  {
    token: "aws:ec2/natGateway:NatGateway",
    inputs: {
      allocationId: text({ forceNew: true }),
      subnetId: text({ forceNew: true }),
      connectivityType: text({ forceNew: true, default: "public", values: ["public", "private"] }),
      privateIp: text({ forceNew: true, computed: true }),
    },
    outputs: words(
      `associationId networkInterfaceId publicIp tagsAll vpcId availabilityMode secondaryAllocationIds
      secondaryPrivateIpAddresses secondaryPrivateIpAddressCount autoProvisionZones autoScalingIps
      regionalNatGatewayAddresses regionalNatGatewayAutoMode routeTableId`,
    ),
    gone: ["NatGatewayNotFound", "InvalidNatGatewayID.NotFound"],
    check: (inputs) =>
      inputs.subnetId === undefined
        ? [
            {
              property: "subnetId",
              reason: "a NAT gateway needs subnetId (regional ones aren't handled). Set it.",
            },
          ]
        : inputs.connectivityType !== "private" && inputs.allocationId === undefined
          ? [
              {
                property: "allocationId",
                reason: "a public NAT gateway needs allocationId. Set it to the id of an Eip.",
              },
            ]
          : [],
    async create(context, inputs) {
      const answer = await context.ec2("CreateNatGateway", {
        SubnetId: inputs.subnetId,
        AllocationId: inputs.allocationId,
        ConnectivityType: inputs.connectivityType as "public" | "private",
        PrivateIpAddress: inputs.privateIp,
        TagSpecifications: tagSpecs("natgateway", inputs.tagsAll),
      });
      const id = need(answer.NatGateway?.NatGatewayId, "the NAT gateway's id");
      context.created(id);
      await until(context, `NAT gateway ${id} to be available`, async () => {
        const it = await find(context, id);
        if (it?.State === "failed") {
          throw new Error(
            `${id} failed: ${it.FailureCode ?? "?"}: ${it.FailureMessage ?? "no reason given"}. Remove the cause and run the update again.`,
          );
        }
        return it?.State === "available" ? true : undefined;
      });
      return id;
    },
    async read(context, id, prior) {
      const it = await find(context, id);
      if (!it || it.State === "deleted" || it.State === "deleting") return undefined;
      const address =
        it.NatGatewayAddresses?.find((a) => a.IsPrimary === true) ?? it.NatGatewayAddresses?.[0];
      return {
        id,
        allocationId: address?.AllocationId ?? "",
        associationId: address?.AssociationId ?? "",
        networkInterfaceId: address?.NetworkInterfaceId,
        privateIp: address?.PrivateIp,
        publicIp: address?.PublicIp ?? "",
        subnetId: it.SubnetId,
        vpcId: it.VpcId,
        connectivityType: it.ConnectivityType ?? "public",
        availabilityMode: "zonal",
        secondaryAllocationIds: [],
        secondaryPrivateIpAddresses: [],
        secondaryPrivateIpAddressCount: 0,
        autoProvisionZones: "",
        autoScalingIps: "",
        regionalNatGatewayAddresses: [],
        regionalNatGatewayAutoMode: "",
        routeTableId: "",
        ...tagState(context, it.Tags, prior.inputs),
      };
    },
    async delete(context, id) {
      await context.ec2("DeleteNatGateway", { NatGatewayId: id });
      await until(context, `NAT gateway ${id} to be deleted`, async () => {
        const it = await find(context, id);
        return !it || it.State === "deleted" ? true : undefined;
      });
    },
  },
  { tags: ec2Tags },
);

async function find(context: AwsContext, id: string) {
  // A filter rather than the id: after a while AWS forgets a deleted gateway, and that is no error here.
  const { NatGateways } = await context.ec2("DescribeNatGateways", {
    Filter: [{ Name: "nat-gateway-id", Values: [id] }],
  });
  return NatGateways?.[0];
}
