import * as pulumi from "@pulumi/pulumi";
import { OverlayIp } from "../components/failover/overlay-ip";
import { overlayIpPolicy } from "../components/iam/overlay-ip.plan";
import { partitionOf } from "../components/iam/policy.plan";
import { Network } from "../components/network/network";
import { HaPair } from "../components/nodes/ha-pair";
import { stackSettings } from "./stack-settings";

/** The lab: a network, two nodes in two zones, and an address that moves between them. */
export = async () => {
  const { region, profile, settings, lab } = await stackSettings();
  const { addresses } = settings.addresses;
  const tags = { ...settings.tags, Lab: lab };

  const network = new Network("lab", {
    region,
    addresses: settings.addresses,
    egress: settings.egress,
    tags,
  });

  const pair = new HaPair("overlay-pair", {
    region,
    vpcId: network.vpcId,
    places: {
      node1: network.place(addresses.node1),
      node2: network.place(addresses.node2),
    },
    ...settings.nodes,
    servicePort: settings.service.port,
    clientCidrs: [settings.addresses.vpcCidr, ...settings.intranet.cidrs],
    adminCidrs: settings.intranet.cidrs,
    overlayAddress: settings.overlay,
    tags,
  });

  pair.allow(
    "overlay-ip",
    pulumi
      .all([network.accountId, network.routeTableIds])
      .apply(([accountId, routeTableIds]) =>
        overlayIpPolicy({ partition: partitionOf(region), region, accountId, routeTableIds }),
      ),
  );

  const overlay = new OverlayIp("overlay", {
    destination: settings.overlay,
    region,
    vpcId: network.vpcId,
    routeTableIds: network.routeTableIds,
    nodes: pair.nodes,
    active: settings.active.overlay,
    profile,
  });

  return {
    vpcId: network.vpcId,
    services: {
      overlay: { address: overlay.address, active: overlay.activeNode, candidates: overlay.candidates },
    },
  };
};
