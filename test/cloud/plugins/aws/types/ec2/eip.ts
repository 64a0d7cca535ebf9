import { text, words } from "../../../frame/fields";
import { type Values } from "../../../frame/values";
import { type AwsContext, need, textOf } from "../../context";
import { resource } from "../../define";
import { ec2Tags, tagSpecs, tagState } from "../../tags";

export const eip = resource(
  {
    token: "aws:ec2/eip:Eip",
    inputs: {
      domain: text({ forceNew: true, computed: true, values: ["vpc"] }),
      instance: text({ computed: true }),
      networkInterface: text({ computed: true }),
      associateWithPrivateIp: text(),
    },
    outputs: words(
      `allocationId arn associationId carrierIp customerOwnedIp privateDns privateIp ptrRecord publicDns publicIp tagsAll
      networkBorderGroup publicIpv4Pool ipamPoolId`,
    ),
    follows: {
      instance: words("associationId privateIp privateDns"),
      networkInterface: words("associationId privateIp privateDns"),
    },
    gone: ["InvalidAllocationID.NotFound", "InvalidAddress.NotFound"],
    // A NAT gateway or instance that is going still holds the address for a while.
    busy: ["InvalidIPAddress.InUse", "AuthFailure", "DependencyViolation"],
    async create(context, inputs) {
      const answer = await context.ec2("AllocateAddress", {
        Domain: "vpc",
        TagSpecifications: tagSpecs("elastic-ip", inputs.tagsAll),
      });
      const id = need(answer.AllocationId, "the allocation's id");
      context.created(id);
      await associate(context, id, inputs);
      return id;
    },
    async read(context, id, prior) {
      const it = (await context.ec2("DescribeAddresses", { AllocationIds: [id] })).Addresses?.[0];
      if (!it) return undefined;
      return {
        id,
        allocationId: id,
        arn: `arn:${context.partition}:ec2:${context.region}:${await context.account()}:elastic-ip/${id}`,
        domain: it.Domain,
        instance: it.InstanceId ?? "",
        networkInterface: it.NetworkInterfaceId ?? "",
        associationId: it.AssociationId ?? "",
        publicIp: it.PublicIp,
        privateIp: it.PrivateIpAddress ?? "",
        publicDns: publicName(context.region, need(it.PublicIp, "the public address")),
        privateDns: it.PrivateIpAddress === undefined ? "" : privateName(context.region, it.PrivateIpAddress),
        networkBorderGroup: it.NetworkBorderGroup ?? context.region,
        publicIpv4Pool: it.PublicIpv4Pool ?? "amazon",
        carrierIp: "",
        customerOwnedIp: "",
        ipamPoolId: "",
        ptrRecord: "",
        associateWithPrivateIp: prior.inputs["associateWithPrivateIp"],
        ...tagState(context, it.Tags, prior.inputs),
      };
    },
    async update(context, id, news, changes, state) {
      if (!changes.has("instance", "networkInterface", "associateWithPrivateIp")) return;
      await disassociate(context, textOf(state, "associationId"));
      await associate(context, id, news);
    },
    async delete(context, id, state) {
      if (textOf(state, "instance") !== "" || textOf(state, "networkInterface") !== "") {
        await disassociate(context, textOf(state, "associationId"));
      }
      await context.ec2("ReleaseAddress", { AllocationId: id });
    },
  },
  { tags: ec2Tags },
);

async function associate(context: AwsContext, id: string, inputs: Values): Promise<void> {
  const [instance, networkInterface] = [textOf(inputs, "instance"), textOf(inputs, "networkInterface")];
  if (instance === "" && networkInterface === "") return;
  await context.ec2("AssociateAddress", {
    AllocationId: id,
    ...(instance === "" ? {} : { InstanceId: instance }),
    ...(networkInterface === "" ? {} : { NetworkInterfaceId: networkInterface }),
    PrivateIpAddress: textOf(inputs, "associateWithPrivateIp") || undefined,
  });
}

async function disassociate(context: AwsContext, associationId: string): Promise<void> {
  if (associationId === "") return;
  const { Addresses } = await context.ec2("DescribeAddresses", {
    Filters: [{ Name: "association-id", Values: [associationId] }],
  });
  if (Addresses?.length) await context.ec2("DisassociateAddress", { AssociationId: associationId });
}

// https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html#vpc-dns-hostnames
const zone = (region: string, first: string, others: string): string =>
  region === "us-east-1" ? first : `${region}.${others}`;
const publicName = (region: string, ip: string): string =>
  `ec2-${ip.replaceAll(".", "-")}.${zone(region, "compute-1", "compute")}.amazonaws.com`;
export const privateName = (region: string, ip: string): string =>
  `ip-${ip.replaceAll(".", "-")}.${zone(region, "ec2", "compute")}.internal`;
