import * as pulumi from "@pulumi/pulumi";
import { PrivateZone } from "../components/dns/private-zone";
import { FloatingEni } from "../components/failover/mechanisms/floating-eni/component";
import { FloatingInterface } from "../components/failover/mechanisms/floating-eni/floating-interface";
import { OverlayIp } from "../components/failover/mechanisms/overlay-ip/component";
import { ServiceName } from "../components/failover/mechanisms/service-name/component";
import { floatingEniPolicy } from "../components/failover/mechanisms/floating-eni/policy.plan";
import { overlayIpPolicy } from "../components/failover/mechanisms/overlay-ip/policy.plan";
import { partitionOf } from "../components/iam/policy.plan";
import { serviceNamePolicy } from "../components/failover/mechanisms/service-name/policy.plan";
import type { DynamicProviders } from "../components/loader/checkout-resource";
import { Network } from "../components/network/network";
import { HaPair } from "../components/nodes/ha-pair";
import { corporateSide } from "./corporate-side";
import { nameService } from "./name-service";
import { onPremisesLink } from "./on-premises";
import { imagesOf } from "./images";
import { stackSettings } from "./stack-settings";

/**
 * The lab: a network, nodes in two zones, and three ways to move a service between them.
 * @param dynamic the process that fails services over
 */
export async function lab(dynamic: DynamicProviders): Promise<pulumi.Inputs> {
  const { region, profile, settings, name } = await stackSettings();
  const { addresses } = settings.addresses;
  const { active } = settings;
  const tags = { ...settings.tags, Lab: name };
  const clientCidrs = [settings.addresses.vpcCidr, ...settings.intranet.cidrs];
  const { port: servicePort, name: serviceName, ttl } = settings.service;

  const network = new Network("lab", {
    region,
    addresses: settings.addresses,
    egress: settings.egress,
    tags,
  });
  const { vpcId, accountId, routeTableIds } = network;
  const where = accountId.apply((id) => ({ partition: partitionOf(region), region, accountId: id }));
  const imageOf = imagesOf(settings.nodes.system);
  const nodes = {
    region,
    vpcId,
    ...settings.nodes,
    imageOf,
    profile,
    servicePort,
    clientCidrs,
    adminCidrs: settings.intranet.cidrs,
    tags,
  };
  const moves = { region, vpcId, profile };
  const movers = { providers: [dynamic] };

  const zone = new PrivateZone("private-zone", { name: settings.privateZone, vpcId, region, tags });
  const overlayPair = new HaPair(
    "overlay-pair",
    {
      ...nodes,
      places: { node1: network.place(addresses.node1), node2: network.place(addresses.node2) },
      overlayAddress: settings.overlay,
      services: [
        { kind: "OverlayIp", region, vpcId, destination: settings.overlay },
        { kind: "ServiceName", region, hostedZoneId: zone.zoneId, name: serviceName },
      ],
    },
    movers,
  );
  const overlay = new OverlayIp(
    "overlay",
    {
      ...moves,
      destination: settings.overlay,
      routeTableIds,
      nodes: overlayPair.nodes,
      active: active.overlay,
    },
    movers,
  );
  overlayPair.allow(
    "overlay-ip",
    pulumi
      .all([where, routeTableIds])
      .apply(([scope, ids]) => overlayIpPolicy({ ...scope, routeTableIds: ids })),
  );

  const eniPlace = network.place(addresses.floatingEni);
  const floatingInterface = new FloatingInterface("floating-eni", {
    ...eniPlace,
    vpcId,
    servicePort,
    clientCidrs,
    tags,
  });
  const { networkInterfaceId } = floatingInterface;
  const eniPair = new HaPair(
    "eni-pair",
    {
      ...nodes,
      places: { "node-a": network.place(addresses.nodeA), "node-b": network.place(addresses.nodeB) },
      floatingInterface: { ...eniPlace, macAddress: floatingInterface.macAddress },
      services: [{ kind: "FloatingEni", region, networkInterfaceId }],
    },
    movers,
  );
  const eni = new FloatingEni(
    "eni",
    {
      ...moves,
      floatingInterface,
      nodes: eniPair.nodes,
      active: active.eni,
      allowForce: settings.eniForceDetach,
    },
    movers,
  );
  eniPair.allow(
    "floating-eni",
    pulumi
      .all([where, networkInterfaceId, Object.values(eniPair.nodes).map((node) => node.instanceId)])
      .apply(([scope, eniId, instanceIds]) =>
        floatingEniPolicy({ ...scope, networkInterfaceId: eniId, instanceIds }),
      ),
  );

  const dns = new ServiceName(
    "dns",
    {
      ...moves,
      zoneId: zone.zoneId,
      serviceName,
      ttl,
      nodes: overlayPair.nodes,
      active: active.dns,
    },
    movers,
  );
  overlayPair.allow(
    "service-name",
    zone.zoneId.apply((zoneId) =>
      serviceNamePolicy({ partition: partitionOf(region), zoneId, recordName: serviceName }),
    ),
  );

  const names = nameService(settings, network, {
    region,
    profile,
    imageId: imageOf(settings.forwarding.instanceType),
    tags,
    dynamic,
  });
  const transitGatewayOrders = await onPremisesLink(region, settings, network, tags);

  return {
    vpcId,
    ...names,
    corporateDns: { ...corporateSide(settings, names.forwarders), transitGatewayOrders },
    services: {
      overlay: { address: overlay.address, active: overlay.activeNode, candidates: overlay.candidates },
      eni: { address: eni.address, active: eni.activeNode, candidates: eni.candidates },
      dns: { name: dns.serviceName, active: dns.activeNode, candidates: dns.candidates },
    },
  };
}
