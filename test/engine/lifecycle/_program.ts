/** A small program with all three services, on the real engine and a fake AWS of its own. */
import * as fs from "node:fs";
import * as path from "node:path";
import { stringify } from "yaml";
import { projectRoot } from "../../cloud/lab";
import { type Lab, type Project } from "../plugins/_fixture";

/** What the program declares; everything else is as in the lab. */
export interface Wanted {
  /** Names of the services' components. Two: both are declared, and claim the same service. */
  readonly names?: readonly string[];
  /** Whether they are children of another component. */
  readonly nested?: boolean;
  /** The chosen nodes: of overlay and name, and of the interface. */
  readonly active?: { readonly pair: string; readonly eni: string };
  readonly ttl?: number;
  readonly keyName?: string;
  readonly instanceType?: string;
  readonly destination?: string;
  readonly zones?: readonly string[];
  readonly vpcCidr?: string;
}

export const RECORD = "myservice.awslab.mycompany.corp";

export function program(wanted: Wanted = {}): string {
  const { names = ["main"], nested = false, active, ttl = 10, keyName, instanceType = "t3.micro" } = wanted;
  const {
    destination = "192.168.10.1/32",
    vpcCidr = "10.0.0.0/16",
    zones = ["us-east-1a", "us-east-1b"],
  } = wanted;
  return `
const { planAddresses } = require("./components/network/address.plan");
const { Network } = require("./components/network/network");
const region = "us-east-1";
const tags = { Lab: "test" };
const plan = planAddresses({ vpcCidr: ${JSON.stringify(vpcCidr)}, zones: ${JSON.stringify(zones)}, onPremisesLink: false }).value;
const network = new Network("lab", { region, addresses: plan, egress: "none", tags });
const { vpcId } = network;
const place = (owner) => network.place(plan.addresses[owner]);
const { HaPair } = require("./components/nodes/ha-pair");
const { OverlayIp } = require("./components/failover/mechanisms/overlay-ip/component");
const { FloatingEni } = require("./components/failover/mechanisms/floating-eni/component");
const { FloatingInterface } = require("./components/failover/mechanisms/floating-eni/floating-interface");
const { ServiceName } = require("./components/failover/mechanisms/service-name/component");
const { PrivateZone } = require("./components/dns/private-zone");
const wanted = ${JSON.stringify({ names, nested, active, destination })};
const clientCidrs = ["10.0.0.0/16"];
const nodes = { region, vpcId, system: "amazon-linux-2023", instanceType: ${JSON.stringify(instanceType)}, rootVolumeGiB: 10,
  servicePort: 8080, clientCidrs, adminCidrs: clientCidrs, tags, ${keyName === undefined ? "" : `keyName: ${JSON.stringify(keyName)},`}
  imageOf: () => pulumi.output("ami-12c6146b") };
const zone = new PrivateZone("zone", { name: "awslab.mycompany.corp", vpcId, region, tags });
const pair = new HaPair("pair", { ...nodes, overlayAddress: wanted.destination,
  places: { node1: place("node1"), node2: place("node2") },
  services: [{ kind: "OverlayIp", region, vpcId, destination: wanted.destination },
    { kind: "ServiceName", region, hostedZoneId: zone.zoneId, name: "${RECORD}" }] });
const eniPlace = place("floatingEni");
const floatingInterface = new FloatingInterface("floating", { ...eniPlace, vpcId, servicePort: 8080, clientCidrs, tags });
const { networkInterfaceId } = floatingInterface;
const eniPair = new HaPair("eni-pair", { ...nodes, places: { "node-a": place("nodeA"), "node-b": place("nodeB") },
  floatingInterface: { ...eniPlace, macAddress: floatingInterface.macAddress },
  services: [{ kind: "FloatingEni", region, networkInterfaceId }] });
const parent = wanted.nested ? new pulumi.ComponentResource("test:index:Group", "group") : undefined;
for (const name of wanted.names) {
  const moves = { region, vpcId };
  new OverlayIp(name + "-overlay", { ...moves, destination: wanted.destination, routeTableIds: network.routeTableIds,
    nodes: pair.nodes, active: wanted.active?.pair }, { parent });
  new FloatingEni(name + "-eni", { ...moves, floatingInterface,
    nodes: { "node-a": { instanceId: eniPair.nodes["node-a"].instanceId, zone: eniPlace.zone },
      "node-b": { instanceId: eniPair.nodes["node-b"].instanceId, zone: eniPlace.zone } },
    active: wanted.active?.eni }, { parent });
  new ServiceName(name + "-dns", { ...moves, zoneId: zone.zoneId, serviceName: "${RECORD}", ttl: ${ttl},
    nodes: pair.nodes, active: wanted.active?.pair }, { parent });
}
`;
}

/** A project whose program is loaded as the lab's own is. */
export async function servicesProject(lab: Lab, name: string, wanted: Wanted): Promise<Project> {
  const project = await lab.project(name, program(wanted));
  const loader = path.join(projectRoot(), "components", "loader");
  const nodeargs = ["typescript", "slow-packages"]
    .map((file) => `-r ${path.join(loader, `${file}.cjs`)}`)
    .join(" ");
  const runtime = { name: "nodejs", options: { typescript: false, nodeargs } };
  fs.writeFileSync(path.join(project.folder, "Pulumi.yaml"), stringify({ name, runtime }));
  fs.symlinkSync(path.join(projectRoot(), "components"), path.join(project.folder, "components"));
  await project.pulumi("config", "set", "aws:region", "us-east-1");
  return project;
}
