import { flag, number, object, required, set, text, words } from "../../../frame/fields";
import { isValues, type Values } from "../../../frame/values";
import { until } from "../../../frame/wait";
import { need } from "../../context";
import { resource } from "../../define";
import { ec2Tags, tagSpecs, tagState } from "../../tags";
import { attach, detach, findInterface, present } from "./network-interfaces";

export const networkInterface = resource(
  {
    token: "aws:ec2/networkInterface:NetworkInterface",
    inputs: {
      subnetId: required(text({ forceNew: true })),
      privateIps: set(text(), { computed: true }),
      privateIp: text({ computed: true, forceNew: true }),
      privateIpsCount: number({ computed: true }),
      securityGroups: set(text(), { computed: true }),
      sourceDestCheck: flag({ default: true }),
      description: text(),
      interfaceType: text({ forceNew: true, computed: true }),
      attachments: set(
        object({
          instance: required(text()),
          deviceIndex: required(number()),
          networkCardIndex: number({ computed: true }),
        }),
        { computed: true },
      ),
    },
    outputs: words(
      `arn macAddress outpostArn ownerId privateDnsName tagsAll enablePrimaryIpv6 ipv4PrefixCount ipv4Prefixes
      ipv6AddressCount ipv6AddressLists ipv6Addresses ipv6PrefixCount ipv6Prefixes privateIpLists`,
    ),
    gone: ["InvalidNetworkInterfaceID.NotFound"],
    busy: ["InvalidNetworkInterface.InUse", "InvalidParameterValue"],
    // The primary address is the interface's for its life; the others come and go.
    replaces: (property, news, state) =>
      property === "privateIps" &&
      typeof state["privateIp"] === "string" &&
      !(news.privateIps ?? []).includes(state["privateIp"]),
    async create(context, inputs) {
      const [first, ...rest] = inputs.privateIps ?? [];
      const addresses = [first ?? inputs.privateIp, ...rest].filter((ip) => ip !== undefined);
      const answer = await context.ec2("CreateNetworkInterface", {
        SubnetId: inputs.subnetId,
        Description: inputs.description,
        Groups: inputs.securityGroups,
        ...(addresses.length === 1 ? { PrivateIpAddress: addresses[0] } : {}),
        ...(addresses.length > 1
          ? {
              PrivateIpAddresses: addresses.map((PrivateIpAddress, i) => ({
                PrivateIpAddress,
                Primary: i === 0,
              })),
            }
          : {}),
        SecondaryPrivateIpAddressCount: addresses.length === 0 ? inputs.privateIpsCount : undefined,
        TagSpecifications: tagSpecs("network-interface", inputs.tagsAll),
      });
      const id = need(answer.NetworkInterface?.NetworkInterfaceId, "the network interface's id");
      context.created(id);
      await until(context, `network interface ${id} to be available`, async () =>
        (await findInterface(context, id))?.Status === "available" ? true : undefined,
      );
      if (inputs.sourceDestCheck === false) {
        await context.ec2("ModifyNetworkInterfaceAttribute", {
          NetworkInterfaceId: id,
          SourceDestCheck: { Value: false },
        });
      }
      for (const it of inputs.attachments ?? []) {
        await attach(context, {
          id,
          instance: it.instance,
          device: it.deviceIndex,
          card: it.networkCardIndex,
        });
      }
      return id;
    },
    async read(context, id, prior) {
      const it = await findInterface(context, id);
      if (!it) return undefined;
      const owner = need(it.OwnerId, "the network interface's owner");
      const addresses = (it.PrivateIpAddresses ?? []).map((address) => address.PrivateIpAddress);
      const attachment = present(it);
      return {
        id,
        arn: `arn:${context.partition}:ec2:${context.region}:${owner}:network-interface/${id}`,
        ownerId: owner,
        subnetId: it.SubnetId,
        description: it.Description ?? "",
        interfaceType: it.InterfaceType ?? "interface",
        macAddress: it.MacAddress,
        privateDnsName: it.PrivateDnsName ?? "",
        privateIp: it.PrivateIpAddress,
        privateIps: addresses,
        privateIpLists: addresses,
        privateIpsCount: Math.max(addresses.length - 1, 0),
        securityGroups: (it.Groups ?? []).map((group) => group.GroupId),
        sourceDestCheck: it.SourceDestCheck,
        attachments: attachment
          ? [
              {
                attachmentId: attachment.AttachmentId,
                instance: attachment.InstanceId ?? "",
                deviceIndex: attachment.DeviceIndex,
                networkCardIndex: attachment.NetworkCardIndex ?? 0,
              },
            ]
          : [],
        outpostArn: "",
        enablePrimaryIpv6: false,
        ipv4PrefixCount: 0,
        ipv4Prefixes: [],
        ipv6AddressCount: 0,
        ipv6AddressLists: [],
        ipv6Addresses: [],
        ipv6PrefixCount: 0,
        ipv6Prefixes: [],
        ...tagState(context, it.TagSet, prior.inputs),
      };
    },
    async update(context, id, news, changes, state) {
      const modify = (attribute: Values) =>
        context.ec2("ModifyNetworkInterfaceAttribute", { NetworkInterfaceId: id, ...attribute });
      if (changes.has("sourceDestCheck"))
        await modify({ SourceDestCheck: { Value: news.sourceDestCheck !== false } });
      if (changes.has("description")) await modify({ Description: { Value: news.description ?? "" } });
      if (changes.has("securityGroups")) await modify({ Groups: news.securityGroups });
      if (changes.has("privateIps")) {
        const before = Array.isArray(state["privateIps"]) ? state["privateIps"].map(String) : [];
        const after = news.privateIps ?? [];
        const [add, remove] = [
          after.filter((ip) => !before.includes(ip)),
          before.filter((ip) => !after.includes(ip)),
        ];
        if (remove.length > 0)
          await context.ec2("UnassignPrivateIpAddresses", {
            NetworkInterfaceId: id,
            PrivateIpAddresses: remove,
          });
        if (add.length > 0)
          await context.ec2("AssignPrivateIpAddresses", { NetworkInterfaceId: id, PrivateIpAddresses: add });
      }
      if (changes.has("attachments")) {
        await detach(context, id);
        for (const it of news.attachments ?? []) {
          if (isValues(it))
            await attach(context, {
              id,
              instance: it.instance,
              device: it.deviceIndex,
              card: it.networkCardIndex,
            });
        }
      }
    },
    async delete(context, id) {
      await detach(context, id);
      await context.ec2("DeleteNetworkInterface", { NetworkInterfaceId: id });
    },
  },
  { tags: ec2Tags },
);
