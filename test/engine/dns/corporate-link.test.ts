import {
  CreateTransitGatewayCommand,
  CreateTransitGatewayRouteTableCommand,
  DescribeRouteTablesCommand,
  GetTransitGatewayRouteTableAssociationsCommand,
  SearchTransitGatewayRoutesCommand,
} from "@aws-sdk/client-ec2";
import test from "ava";
import { Lab } from "../plugins/_fixture";
import { componentProject } from "./_program";

const lab = Lab.start();
test.after.always(async () => (await lab).stop());

const INTRANET = `["172.16.0.0/12", "192.168.30.0/24"]`;
const TABLES = `["main", "zone-a", "zone-b"].map((key, i) => [key, network.routeTableIds.apply((ids) => ids[i])])`;

test("the private zone is the VPC's; it is not deleted while it is protected, nor with records of others in it", async (t) => {
  const program = (protect: boolean, more = ""): string => `
const { PrivateZone } = require("./components/dns/private-zone");
const zone = new PrivateZone("zone", { name: "AWSlab.mycompany.corp.", vpcId, region, protect: ${String(protect)}, tags });
${more}
module.exports = { zoneId: zone.zoneId, name: zone.name };
`;
  const project = await componentProject(await lab, "zone", program(true));
  const up = await project.up();
  t.is(up.code, 0, up.text);
  const { zoneId, name } = await project.outputs();
  t.is(name, "awslab.mycompany.corp");
  t.regex(String(zoneId), /^Z[A-Z0-9]+$/);
  const zone = (await project.resources()).find(({ type }) => type === "aws:route53/zone:Zone");
  const vpc = (await project.resources()).find(({ type }) => type === "aws:ec2/vpc:Vpc");
  t.deepEqual(zone?.inputs["vpcs"], [{ vpcId: vpc?.id, vpcRegion: "us-east-1" }]);
  t.false(zone?.inputs["forceDestroy"]);
  t.deepEqual(await project.steps(), []);

  const refused = await project.destroy();
  t.not(refused.code, 0);
  t.regex(refused.text, /protected/);
  // Pulumi forgets the record, as if somebody else had made it.
  const record = `{ zoneId: zone.zoneId, name: "theirs", type: "A", ttl: 60, records: ["10.0.0.9"] }`;
  project.write(program(false, `new aws.route53.Record("record", ${record}, { retainOnDelete: true });`));
  t.is((await project.up()).code, 0);
  project.write(program(false));
  t.is((await project.up()).code, 0);
  const kept = await project.destroy();
  t.not(kept.code, 0);
  t.regex(kept.text, /HostedZoneNotEmpty/);

  project.write(program(false, `new aws.route53.Record("record", { ...${record}, allowOverwrite: true });`));
  t.is((await project.up()).code, 0);
  const gone = await project.destroy();
  t.is(gone.code, 0, gone.text);
});

test("a Resolver endpoint has fixed addresses in two zones and is open to DNS alone", async (t) => {
  const project = await componentProject(
    await lab,
    "resolver",
    `
const { ResolverEndpoint } = require("./components/dns/resolver-endpoint");
const endpoint = new ResolverEndpoint("resolver", {
  vpcId, tags, clientCidrs: ${INTRANET}, places: { resolver1: place("resolver1"), resolver2: place("resolver2") },
});
module.exports = { addresses: endpoint.addresses };
`,
  );
  const up = await project.up();
  t.is(up.code, 0, up.text);
  t.deepEqual((await project.outputs())["addresses"], ["10.0.64.6", "10.0.80.6"]);
  const all = await project.resources();
  const endpoint = all.find(({ type }) => type === "aws:route53/resolverEndpoint:ResolverEndpoint");
  t.is(endpoint?.outputs["direction"], "INBOUND");
  const addresses = endpoint?.outputs["ipAddresses"] as { subnetId: string; ip: string }[];
  t.is(new Set(addresses.map(({ subnetId }) => subnetId)).size, 2);
  t.deepEqual(addresses.map(({ ip }) => ip).sort(), ["10.0.64.6", "10.0.80.6"]);
  const group = all.find(({ type }) => type === "aws:ec2/securityGroup:SecurityGroup");
  const rules = group?.inputs["ingress"] as { protocol: string; fromPort: number; toPort: number }[];
  t.deepEqual(
    rules.map(({ protocol, fromPort, toPort }) => `${protocol} ${String(fromPort)} ${String(toPort)}`),
    ["udp 53 53", "tcp 53 53"],
  );
  t.deepEqual(await project.steps(), []);
  const gone = await project.destroy();
  t.is(gone.code, 0, gone.text);
});

test("the link leads the overlay IP into the VPC and every route table back to the intranet, also by a gateway that exists", async (t) => {
  const project = await componentProject(
    await lab,
    "link",
    `
const { OnPremisesLink } = require("./components/on-premises/on-premises-link");
const args = {
  region, vpcId, tags, vpcCidr: plan.vpcCidr, subnetIds: [network.subnets["transit-a"].id, network.subnets["transit-b"].id],
  routeTables: Object.fromEntries(${TABLES}), overlayAddress: "192.168.10.1/32",
};
const link = new OnPremisesLink("link", { ...args, intranetCidrs: ${INTRANET} });
const theirs = new aws.ec2transitgateway.TransitGateway("theirs", {});
const second = new OnPremisesLink("second", {
  ...args, intranetCidrs: ["192.168.40.0/24"],
  transitGatewayId: theirs.id, transitGatewayRouteTableId: theirs.associationDefaultRouteTableId,
});
module.exports = {
  vpcId, ours: link.transitGatewayId, theirs: theirs.id, second: second.transitGatewayId,
};
`,
  );
  const up = await project.up();
  t.is(up.code, 0, up.text);
  const { vpcId, ours, theirs, second } = (await project.outputs()) as Record<string, string>;
  t.is(second, theirs);
  const ec2 = (await lab).ec2();
  const gateways = (await project.resources()).filter(({ type }) => type.endsWith(":TransitGateway"));
  t.is(gateways.length, 2);
  for (const { outputs } of gateways) {
    const TransitGatewayRouteTableId = String(outputs["associationDefaultRouteTableId"]);
    const Filters = [{ Name: "type", Values: ["static"] }];
    const found = await ec2.send(
      new SearchTransitGatewayRoutesCommand({ TransitGatewayRouteTableId, Filters }),
    );
    t.deepEqual(
      (found.Routes ?? []).map(({ DestinationCidrBlock, State }) => [DestinationCidrBlock, State]),
      [["192.168.10.1/32", "active"]],
    );
  }
  const { RouteTables = [] } = await ec2.send(
    new DescribeRouteTablesCommand({ Filters: [{ Name: "vpc-id", Values: [vpcId ?? ""] }] }),
  );
  t.is(RouteTables.length, 3);
  for (const { Routes = [] } of RouteTables) {
    const through = (id?: string): unknown[] =>
      Routes.filter(({ TransitGatewayId }) => TransitGatewayId === id && id !== undefined)
        .map(({ DestinationCidrBlock }) => DestinationCidrBlock)
        .sort();
    t.deepEqual(through(ours), ["172.16.0.0/12", "192.168.30.0/24"]);
    t.deepEqual(through(theirs), ["192.168.40.0/24"]);
  }
  t.deepEqual(await project.steps(), []);
  const gone = await project.destroy();
  t.is(gone.code, 0, gone.text);
});

test("an attachment is associated and propagated where the gateway does neither, and taken out again", async (t) => {
  const ec2 = (await lab).ec2();
  const Options = {
    DefaultRouteTableAssociation: "disable",
    DefaultRouteTablePropagation: "disable",
  } as const;
  const { TransitGateway } = await ec2.send(new CreateTransitGatewayCommand({ Options }));
  const id = TransitGateway?.TransitGatewayId ?? "";
  const made = await ec2.send(new CreateTransitGatewayRouteTableCommand({ TransitGatewayId: id }));
  const TransitGatewayRouteTableId = made.TransitGatewayRouteTable?.TransitGatewayRouteTableId ?? "";
  const project = await componentProject(
    await lab,
    "joined",
    `
const { OnPremisesLink } = require("./components/on-premises/on-premises-link");
new OnPremisesLink("link", {
  region, vpcId, tags, vpcCidr: plan.vpcCidr, subnetIds: [network.subnets["transit-a"].id],
  routeTables: Object.fromEntries(${TABLES}), overlayAddress: "192.168.10.1/32", intranetCidrs: ${INTRANET},
  transitGatewayId: "${id}", transitGatewayRouteTableId: "${TransitGatewayRouteTableId}",
  duties: { associate: true, propagate: true, byOwner: false },
});
const found = aws.ec2transitgateway.getTransitGatewayOutput({ id: "${id}" });
module.exports = { association: found.defaultRouteTableAssociation, table: found.associationDefaultRouteTableId };
`,
  );
  const up = await project.up();
  t.is(up.code, 0, up.text);
  t.deepEqual(await project.outputs(), { association: "disable", table: "" });
  const routes = async (): Promise<string[]> => {
    const Filters = [{ Name: "state", Values: ["active"] }];
    const { Routes = [] } = await ec2.send(
      new SearchTransitGatewayRoutesCommand({ TransitGatewayRouteTableId, Filters }),
    );
    return Routes.map(
      ({ DestinationCidrBlock, Type }) => `${String(Type)} ${String(DestinationCidrBlock)}`,
    ).sort();
  };
  const associations = async (): Promise<number | undefined> =>
    (await ec2.send(new GetTransitGatewayRouteTableAssociationsCommand({ TransitGatewayRouteTableId })))
      .Associations?.length;
  t.deepEqual(await routes(), ["propagated 10.0.0.0/16", "static 192.168.10.1/32"]);
  t.is(await associations(), 1);
  t.deepEqual(await project.steps(), []);
  const gone = await project.destroy();
  t.is(gone.code, 0, gone.text);
  t.deepEqual(await routes(), []);
  t.is(await associations(), 0);
});

test("a gateway without its route table, and blocks that overlap, are refused at once", async (t) => {
  const project = await componentProject(
    await lab,
    "mistakes",
    `
const { OnPremisesLink } = require("./components/on-premises/on-premises-link");
new OnPremisesLink("link", {
  region, vpcId, tags, vpcCidr: plan.vpcCidr, subnetIds: [], routeTables: {}, overlayAddress: "10.0.0.1/32",
  intranetCidrs: ["10.0.0.0/8"], transitGatewayId: "tgw-0123456789abcdef0",
});
`,
  );
  const { code, text } = await project.pulumi("preview");
  t.not(code, 0);
  for (const reason of [
    /'transitGatewayRouteTableId'/,
    /no transit subnet is given/,
    /no route table is given/,
    /is in the VPC's block/,
    /overlaps 10\.0\.0\.0\/16/,
  ])
    t.regex(text, reason);
});
