import { list, text, words } from "../../../frame/fields";
import { need } from "../../context";
import { resource } from "../../define";
import { ec2Tags, tagSpecs, tagState } from "../../tags";

/** Property of the program, and the option's name in DHCP configurations. */
const OPTIONS = {
  domainName: "domain-name",
  domainNameServers: "domain-name-servers",
  ntpServers: "ntp-servers",
  netbiosNameServers: "netbios-name-servers",
  netbiosNodeType: "netbios-node-type",
} as const;

export const vpcDhcpOptions = resource(
  {
    token: "aws:ec2/vpcDhcpOptions:VpcDhcpOptions",
    inputs: {
      domainName: text({ forceNew: true }),
      domainNameServers: list(text(), { forceNew: true }),
      ntpServers: list(text(), { forceNew: true }),
      netbiosNameServers: list(text(), { forceNew: true }),
      netbiosNodeType: text({ forceNew: true }),
    },
    outputs: words("arn ownerId tagsAll"),
    gone: ["InvalidDhcpOptionID.NotFound", "InvalidDhcpOptionsID.NotFound"],
    busy: ["DependencyViolation"],
    async create(context, inputs) {
      const options = Object.entries(OPTIONS).flatMap(([property, Key]) => {
        const value = inputs[property as keyof typeof OPTIONS];
        if (value === undefined) return [];
        return [{ Key, Values: Array.isArray(value) ? [...value] : [value as string] }];
      });
      const answer = await context.ec2("CreateDhcpOptions", {
        DhcpConfigurations: options,
        TagSpecifications: tagSpecs("dhcp-options", inputs.tagsAll),
      });
      return need(answer.DhcpOptions?.DhcpOptionsId, "the DHCP options' id");
    },
    async read(context, id, prior) {
      const it = (await context.ec2("DescribeDhcpOptions", { DhcpOptionsIds: [id] })).DhcpOptions?.[0];
      if (!it) return undefined;
      const owner = it.OwnerId ?? (await context.account());
      const values = (name: string): string[] =>
        (it.DhcpConfigurations?.find((option) => option.Key === name)?.Values ?? []).flatMap(({ Value }) =>
          Value === undefined ? [] : [Value],
        );
      return {
        id,
        arn: `arn:${context.partition}:ec2:${context.region}:${owner}:dhcp-options/${id}`,
        ownerId: owner,
        domainName: values(OPTIONS.domainName)[0] ?? "",
        domainNameServers: values(OPTIONS.domainNameServers),
        ntpServers: values(OPTIONS.ntpServers),
        netbiosNameServers: values(OPTIONS.netbiosNameServers),
        netbiosNodeType: values(OPTIONS.netbiosNodeType)[0] ?? "",
        ...tagState(context, it.Tags, prior.inputs),
      };
    },
    async delete(context, id) {
      await context.ec2("DeleteDhcpOptions", { DhcpOptionsId: id });
    },
  },
  { tags: ec2Tags },
);
