import { flag, required, text, words } from "../../../frame/fields";
import { need } from "../../context";
import { resource } from "../../define";
import { cidr } from "../../normalise";
import { ec2Tags, tagSpecs, tagState } from "../../tags";
import { until } from "../../../frame/wait";

export const subnet = resource(
  {
    token: "aws:ec2/subnet:Subnet",
    inputs: {
      vpcId: required(text({ forceNew: true })),
      cidrBlock: text({ forceNew: true, computed: true, normalise: cidr }),
      availabilityZone: text({ forceNew: true, computed: true }),
      availabilityZoneId: text({ forceNew: true, computed: true }),
      mapPublicIpOnLaunch: flag({ default: false }),
    },
    outputs: words(
      "arn ownerId tagsAll ipv6CidrBlock ipv6CidrBlockAssociationId privateDnsHostnameTypeOnLaunch",
    ),
    gone: ["InvalidSubnetID.NotFound"],
    busy: ["DependencyViolation"],
    async create(context, inputs) {
      const answer = await context.ec2("CreateSubnet", {
        VpcId: inputs.vpcId,
        CidrBlock: inputs.cidrBlock,
        AvailabilityZone: inputs.availabilityZone,
        AvailabilityZoneId: inputs.availabilityZoneId,
        TagSpecifications: tagSpecs("subnet", inputs.tagsAll),
      });
      const id = need(answer.Subnet?.SubnetId, "the subnet's id");
      context.created(id);
      await until(context, `subnet ${id} to be available`, async () => {
        const { Subnets } = await context.ec2("DescribeSubnets", { SubnetIds: [id] });
        return Subnets?.[0]?.State === "available" ? true : undefined;
      });
      if (inputs.mapPublicIpOnLaunch === true) {
        await context.ec2("ModifySubnetAttribute", { SubnetId: id, MapPublicIpOnLaunch: { Value: true } });
      }
      return id;
    },
    async read(context, id, prior) {
      const it = (await context.ec2("DescribeSubnets", { SubnetIds: [id] })).Subnets?.[0];
      if (!it) return undefined;
      return {
        id,
        arn: it.SubnetArn,
        vpcId: it.VpcId,
        cidrBlock: it.CidrBlock,
        availabilityZone: it.AvailabilityZone,
        availabilityZoneId: it.AvailabilityZoneId,
        mapPublicIpOnLaunch: it.MapPublicIpOnLaunch,
        privateDnsHostnameTypeOnLaunch: it.PrivateDnsNameOptionsOnLaunch?.HostnameType ?? "ip-name",
        ipv6CidrBlock: "",
        ipv6CidrBlockAssociationId: "",
        ownerId: it.OwnerId,
        ...tagState(context, it.Tags, prior.inputs),
      };
    },
    async update(context, id, news, changes) {
      if (changes.has("mapPublicIpOnLaunch")) {
        const Value = news.mapPublicIpOnLaunch === true;
        await context.ec2("ModifySubnetAttribute", { SubnetId: id, MapPublicIpOnLaunch: { Value } });
      }
    },
    async delete(context, id) {
      await context.ec2("DeleteSubnet", { SubnetId: id });
    },
  },
  { tags: ec2Tags },
);
