import { ec2Reply } from "../ec2/describe";
import type { Handlers } from "../gateway/handler";
import { structParams } from "../gateway/params";
import { at, isElement, parseXml, textAt } from "../gateway/xml";

/** moto takes no tags when it makes DHCP options. */
export const dhcpOptionHandlers: Handlers = {
  "ec2:CreateDhcpOptions": {
    run: async ({ call, ec2, forward }) => {
      const reply = await forward();
      const [specification] = structParams(call.params, "TagSpecification");
      if (reply.status >= 400 || specification === undefined) return reply;
      const made = at(parseXml(reply.body), "CreateDhcpOptionsResponse.dhcpOptions");
      const tags = Object.entries(specification).filter(([name]) => name.startsWith("Tag."));
      await ec2.ask("CreateTags", {
        "ResourceId.1": textAt(made, "dhcpOptionsId"),
        ...Object.fromEntries(tags),
      });
      const item = structParams(specification, "Tag").map(({ Key = "", Value = "" }) => ({
        key: Key,
        value: Value,
      }));
      return ec2Reply(call.action, { dhcpOptions: { ...(isElement(made) ? made : {}), tagSet: { item } } });
    },
  },
};
