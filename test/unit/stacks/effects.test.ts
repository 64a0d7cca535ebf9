/** Every setting changes something that is built, or something that people are told: one that doesn't is a promise broken. */
import * as pulumi from "@pulumi/pulumi";
import test from "ava";
import { DynamicProviders } from "../../../components/loader/checkout-resource";
import { lab } from "../../../stacks/lab";
import { settingKeys } from "../../../stacks/settings";

const defaults: Record<string, string> = {
  zones: '["us-east-1a","us-east-1b"]',
  vpcCidr: "10.0.0.0/16",
  egress: "none",
  intranetDomain: "mycompany.corp",
  intranetCidrs: '["172.16.0.0/12"]',
  privateZone: "awslab.mycompany.corp",
  serviceName: "myservice.awslab.mycompany.corp",
  serviceTtl: "10",
  servicePort: "8080",
  overlayAddress: "192.168.10.1",
  overlayActive: "",
  eniActive: "",
  dnsActive: "",
  nodeSystem: "amazon-linux-2023",
  nodeInstanceType: "t3.micro",
  nodeRootVolumeGiB: "10",
  eniForceDetach: "false",
  dnsForwarding: "forwarders",
  forwarderInstanceType: "t3.micro",
  forwarderSshUser: "",
  forwarderHostKeys: "{}",
  transitGateway: "none",
  transitGatewayRouteTable: "",
  keyName: "",
  tags: "{}",
};

const key = `ssh-ed25519 ${"A".repeat(68)}`;
const gateway = {
  transitGateway: "tgw-0123456789abcdef0",
  transitGatewayRouteTable: "tgw-rtb-0123456789abcdef0",
};

/** Another value for each setting, with what it needs beside it. */
const changes: Record<
  (typeof settingKeys)[number],
  { set: Record<string, string>; beside?: Record<string, string>; refused?: RegExp }
> = {
  zones: { set: { zones: '["us-east-1a","us-east-1c"]' } },
  vpcCidr: { set: { vpcCidr: "10.1.0.0/16" } },
  egress: { set: { egress: "nat" } },
  // It builds nothing: it decides which private zones are accepted.
  intranetDomain: {
    set: { intranetDomain: "example.com" },
    refused: /privateZone: .* is not a subdomain of example\.com/,
  },
  intranetCidrs: { set: { intranetCidrs: '["172.20.0.0/16"]' } },
  privateZone: {
    set: { privateZone: "x.awslab.mycompany.corp" },
    beside: { serviceName: "db.x.awslab.mycompany.corp" },
  },
  serviceName: { set: { serviceName: "db.awslab.mycompany.corp" } },
  serviceTtl: { set: { serviceTtl: "20" } },
  servicePort: { set: { servicePort: "9090" } },
  overlayAddress: { set: { overlayAddress: "192.168.10.2" } },
  overlayActive: { set: { overlayActive: "node2" } },
  eniActive: { set: { eniActive: "node-b" } },
  dnsActive: { set: { dnsActive: "node2" } },
  nodeSystem: { set: { nodeSystem: "sles-15" }, beside: { egress: "nat" } },
  nodeInstanceType: { set: { nodeInstanceType: "t3.small" } },
  nodeRootVolumeGiB: { set: { nodeRootVolumeGiB: "20" } },
  eniForceDetach: { set: { eniForceDetach: "true" } },
  dnsForwarding: { set: { dnsForwarding: "both" } },
  forwarderInstanceType: { set: { forwarderInstanceType: "t3.small" } },
  forwarderSshUser: { set: { forwarderSshUser: "ec2-user" } },
  forwarderHostKeys: {
    set: { forwarderHostKeys: JSON.stringify({ forwarder1: key, forwarder2: key }) },
    beside: { forwarderSshUser: "ec2-user" },
  },
  transitGateway: { set: gateway },
  transitGatewayRouteTable: {
    set: { transitGatewayRouteTable: "tgw-rtb-0fedcba9876543210" },
    beside: gateway,
  },
  keyName: { set: { keyName: "key" } },
  tags: { set: { tags: '{"Owner":"me"}' } },
};

/**
 * Everything that the program registers, and its outputs, as text.
 * @param answers what look-ups answer besides what every one does
 */
async function built(settings: Record<string, string>, answers: object = {}): Promise<string> {
  const registered: unknown[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, id }) => {
        registered.push({ type, name, inputs: inputs as unknown });
        const state = {
          ...(inputs as object),
          arn: `arn:${name}`,
          zoneId: `Z${name}`,
          macAddress: "02:00:00:00:00:01",
          primaryNetworkInterfaceId: `eni-${name}`,
          mainRouteTableId: "rtb-main",
          privateIp: "10.0.0.9",
        };
        // What the provider's check works out for a pair of nodes that doesn't exist yet.
        const { names, wanted } = inputs as { names?: string[]; wanted?: unknown };
        const nodes = names && { nodes: Object.fromEntries(names.map((node) => [node, wanted])) };
        return {
          id: id === undefined || id === "" ? `id-${name}` : id,
          state: { ...state, ...nodes, ownerId: "123456789012" },
        };
      },
      call: ({ token, inputs }) => ({
        ...(inputs as object),
        ...answers,
        id: `found-by-${token}`,
        value: "ami-1",
        names: ["a"],
      }),
    },
    "failover-lab",
    "test",
    false,
  );
  const config = Object.entries({ ...defaults, ...settings }).map(([name, value]) => [
    `failover-lab:${name}`,
    value,
  ]);
  pulumi.runtime.setAllConfig({
    ...(Object.fromEntries(config) as Record<string, string>),
    "aws:region": "us-east-1",
  });
  const outputs = await lab(new DynamicProviders("failover"));
  const known = await new Promise((resolve) => {
    pulumi.output(outputs).apply(resolve);
  });
  await pulumi.runtime.disconnect();
  const inOrder = registered.map((one) => JSON.stringify(one)).sort();
  return JSON.stringify([inOrder, known]);
}

test.serial("the same settings build the same", async (t) => {
  t.is(await built({}), await built({}));
});

for (const name of settingKeys) {
  const { set, beside = {}, refused } = changes[name];
  test.serial(`${name} has an effect`, async (t) => {
    const changed = built({ ...beside, ...set });
    if (refused === undefined) t.not(await changed, await built(beside));
    else await t.throwsAsync(changed, { message: refused });
  });
}

const everyDefault = {
  accountId: "123456789012",
  ownerId: "123456789012",
  defaultRouteTableAssociation: "enable",
  defaultRouteTablePropagation: "enable",
  propagationDefaultRouteTableId: gateway.transitGatewayRouteTable,
};

test.serial("a transit gateway with every default gets the static route and no more", async (t) => {
  const text = await built(gateway, everyDefault);
  t.regex(text, /ec2transitgateway\/route:Route/);
  t.false(/ec2transitgateway\/routeTable|transitGatewayOrders/.test(text));
});

test.serial("a transit gateway without default association and propagation gets both", async (t) => {
  const disabled = { defaultRouteTableAssociation: "disable", defaultRouteTablePropagation: "disable" };
  const text = await built(gateway, { ...everyDefault, ...disabled });
  t.regex(text, /ec2transitgateway\/routeTableAssociation:RouteTableAssociation/);
  t.regex(text, /ec2transitgateway\/routeTablePropagation:RouteTablePropagation/);
});

test.serial(
  "for a shared transit gateway nothing is made in its route tables: it is an order for its owner",
  async (t) => {
    const shared = { ...everyDefault, ownerId: "210987654321" };
    const text = await built({ ...gateway, transitGatewayRouteTable: "" }, shared);
    t.regex(text, /"transitGatewayOrders":"aws ec2 create-transit-gateway-route .*192\.168\.10\.1\/32/);
    t.false(/ec2transitgateway\/(route|routeTable\w*):/.test(text));
  },
);

test.serial(
  "a transit gateway of this account without its route table is refused by the setting's name",
  async (t) => {
    const own = built({ ...gateway, transitGatewayRouteTable: "" }, everyDefault);
    await t.throwsAsync(own, { message: /transitGatewayRouteTable: is empty/ });
  },
);
