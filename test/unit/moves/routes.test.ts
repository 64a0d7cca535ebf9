import { type Route, RouteOrigin, type RouteTable } from "@aws-sdk/client-ec2";
import test from "ava";
import { type Host, parseHost } from "../../../components/failover/core/addresses";
import { awsContext } from "../../../components/failover/core/context";
import { deadlineIn } from "../../../components/failover/core/retry";
import { readEntries } from "../../../components/failover/mechanisms/overlay-ip/routes";
import { REFUSING_EC2 } from "./refusing";

function entriesOf(pages: RouteTable[][], destination: string) {
  let page = 0;
  const ec2 = {
    ...REFUSING_EC2,
    describeRouteTables: (input: { NextToken?: string }) => {
      const index = Number(input.NextToken ?? 0);
      page += 1;
      const more = index + 1 < pages.length ? { NextToken: String(index + 1) } : {};
      return Promise.resolve({ $metadata: {}, RouteTables: pages[index] ?? [], ...more });
    },
  };
  const host: Host | undefined = parseHost(destination);
  if (host === undefined) throw new Error("no host");
  const read = readEntries(ec2, { vpcId: "vpc-1", destination: host }, awsContext(), deadlineIn(1));
  return read.then((entries) => ({ entries: Object.fromEntries(entries), calls: page }));
}

const table = (id: string, ...Routes: Route[]): RouteTable => ({ RouteTableId: id, Routes });
const to = (more: Route): Route => ({ DestinationCidrBlock: "192.168.10.1/32", State: "active", ...more });

test("all pages are read", async (t) => {
  const eni = to({ NetworkInterfaceId: "eni-1", InstanceId: "i-1" });
  const { entries, calls } = await entriesOf(
    [[table("rtb-1", eni)], [table("rtb-2", eni)], [table("rtb-3")]],
    "192.168.10.1/32",
  );
  t.is(calls, 3);
  const target = { kind: "NetworkInterfaceId", id: "eni-1" };
  t.deepEqual(entries, {
    "rtb-1": { target, dead: false },
    "rtb-2": { target, dead: false },
    "rtb-3": { dead: false },
  });
});

test("a target of any kind is read in the terms in which it can be written back", async (t) => {
  const kinds: [Route, string, string][] = [
    [{ NetworkInterfaceId: "eni-1", InstanceId: "i-1" }, "NetworkInterfaceId", "eni-1"],
    [{ TransitGatewayId: "tgw-1" }, "TransitGatewayId", "tgw-1"],
    [{ NatGatewayId: "nat-1" }, "NatGatewayId", "nat-1"],
    [{ VpcPeeringConnectionId: "pcx-1" }, "VpcPeeringConnectionId", "pcx-1"],
    [{ GatewayId: "vgw-1" }, "GatewayId", "vgw-1"],
    [{ GatewayId: "vpce-1" }, "VpcEndpointId", "vpce-1"],
    [{ EgressOnlyInternetGatewayId: "eigw-1" }, "EgressOnlyInternetGatewayId", "eigw-1"],
  ];
  for (const [route, kind, id] of kinds) {
    const { entries } = await entriesOf([[table("rtb-1", to(route))]], "192.168.10.1/32");
    t.deepEqual(entries["rtb-1"]?.target, { kind, id } as (typeof entries)[string]["target"]);
  }
});

test("propagated routes, gateways' tables and other destinations don't count; a blackhole does", async (t) => {
  const propagated = to({ GatewayId: "vgw-1", Origin: "EnableVgwRoutePropagation" });
  const dead = to({ NetworkInterfaceId: "eni-1", State: "blackhole" });
  const other: Route = { DestinationCidrBlock: "192.168.10.0/24", GatewayId: "vgw-1" };
  const edge = { ...table("rtb-edge"), Associations: [{ GatewayId: "igw-1" }] };
  const { entries } = await entriesOf(
    [[table("rtb-1", other, propagated), table("rtb-2", dead), edge]],
    "192.168.10.1/32",
  );
  t.deepEqual(entries, {
    "rtb-1": { dead: false },
    "rtb-2": { target: { kind: "NetworkInterfaceId", id: "eni-1" }, dead: true },
  });
});

test("a route counts if somebody made it, whatever origins the API has besides", async (t) => {
  const made: readonly string[] = ["CreateRoute", "CreateRouteTable"];
  const origins = Object.values(RouteOrigin);
  t.true(origins.length > made.length);
  for (const Origin of origins) {
    const { entries } = await entriesOf(
      [[table("rtb-1", to({ GatewayId: "vgw-1", Origin }))]],
      "192.168.10.1/32",
    );
    t.is(entries["rtb-1"]?.target !== undefined, made.includes(Origin), Origin);
  }
});

test("IPv6 is compared by meaning, not by text", async (t) => {
  const route: Route = {
    DestinationIpv6CidrBlock: "fd00::1/128",
    NetworkInterfaceId: "eni-1",
    State: "active",
  };
  const { entries } = await entriesOf([[table("rtb-1", route)]], "FD00:0:0:0:0:0:0:1/128");
  t.is(entries["rtb-1"]?.target?.id, "eni-1");
});
