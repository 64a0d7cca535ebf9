import { required, text, words } from "../../../frame/fields";
import { textOf } from "../../context";
import { resource } from "../../define";
import { BUSY } from "./changes";
import { associate, disassociate, toVpc } from "./zone";

/** Its id is ZONE:VPC, with the region behind it where it isn't the provider's. */
export const zoneAssociation = resource(
  {
    token: "aws:route53/zoneAssociation:ZoneAssociation",
    inputs: {
      zoneId: required(text({ forceNew: true })),
      vpcId: required(text({ forceNew: true })),
      vpcRegion: text({ forceNew: true, computed: true }),
    },
    outputs: words("owningAccount"),
    gone: ["NoSuchHostedZone", "VPCAssociationNotFound"],
    busy: BUSY,
    async create(context, inputs) {
      const region = inputs.vpcRegion ?? context.region;
      await associate(context, inputs.zoneId, toVpc(inputs.vpcId, region));
      return `${inputs.zoneId}:${inputs.vpcId}${region === context.region ? "" : `:${region}`}`;
    },
    async read(context, id) {
      const [zoneId = "", vpcId = ""] = id.split(":");
      if (vpcId === "")
        throw new Error(`an association is named ZONEID:VPCID, and not "${id}". Use that form.`);
      const { VPCs = [] } = await context.route53("GetHostedZone", { Id: zoneId });
      const it = VPCs.find((vpc) => vpc.VPCId === vpcId);
      return it && { id, zoneId, vpcId, vpcRegion: it.VPCRegion, owningAccount: await context.account() };
    },
    async delete(context, _id, state) {
      const vpc = toVpc(textOf(state, "vpcId"), textOf(state, "vpcRegion") || context.region);
      await disassociate(context, textOf(state, "zoneId"), vpc);
    },
  },
  { global: true },
);
