/** What the kernel is to have, worked out from the model: routes, rules, links. */
import test from "ava";
import { deviceOf, tableOf } from "../../cloud/fabric/plan/names";
import { planNetwork } from "../../cloud/fabric/plan/network";
import type { KernelRoute, NetworkPlan } from "../../cloud/fabric/plan/types";
import type { TransitGateway } from "../../cloud/model";
import { model, node, OVERLAY, overlayTo, running, table, VPC } from "./_model";

const node1 = node(1, "10.0.0.10", "a");
const node2 = node(2, "10.0.16.10", "b");
const nodes = [node1, node2];
const A = "rtb-0000000000000000a";
const MAIN = "rtb-0000000000000000b";

const routerOf = (plan: NetworkPlan) => plan.routers.find(({ namespace }) => namespace.startsWith("vpc-"));

function routeIn(
  plan: NetworkPlan,
  tableId: string,
  zone: string,
  destination: string,
): KernelRoute | undefined {
  return routerOf(plan)?.routes.find(
    (one) => one.table === tableOf(tableId, zone) && one.destination === destination,
  );
}

test("what comes from a subnet is routed by its table, or by the main one", (t) => {
  const tables = [table(A, ["subnet-a"], []), table(MAIN, [], [], true)];
  const plan = planNetwork({ model: model(nodes, tables), running: running(nodes), breakages: [] });
  t.deepEqual(routerOf(plan)?.rules, [
    { device: deviceOf(node1.networkInterface.id), table: tableOf(A, "us-east-1a") },
    { device: deviceOf(node2.networkInterface.id), table: tableOf(MAIN, "us-east-1b") },
  ]);
});

test("the overlay address is delivered to the interface of its route; a black hole, and another host's stop, to nobody", (t) => {
  const eni = node2.networkInterface.id;
  const planWith = (state: "active" | "blackhole", on = nodes): NetworkPlan => {
    const tables = [table(A, ["subnet-a"], [overlayTo(eni, state)]), table(MAIN, [], [], true)];
    return planNetwork({ model: model(nodes, tables), running: running(on), breakages: [] });
  };
  const hops = (plan: NetworkPlan) => routeIn(plan, A, "us-east-1a", OVERLAY)?.nextHops;
  t.deepEqual(hops(planWith("active")), [{ device: deviceOf(eni), via: "10.0.16.10" }]);
  t.deepEqual(hops(planWith("blackhole")), []);
  t.deepEqual(hops(planWith("active", [node1])), []);
});

test("a route that is more specific than the local one takes its block; other addresses stay local", (t) => {
  const inspected = { destinationCidrBlock: "10.0.16.0/20", state: "active" } as const;
  const route = {
    ...inspected,
    target: { kind: "network-interface", id: node1.networkInterface.id } as const,
  };
  const tables = [table(A, ["subnet-a"], [route]), table(MAIN, [], [], true)];
  const plan = planNetwork({ model: model(nodes, tables), running: running(nodes), breakages: [] });
  t.is(routeIn(plan, A, "us-east-1a", "10.0.16.10/32"), undefined);
  t.deepEqual(routeIn(plan, A, "us-east-1a", "10.0.16.0/20")?.nextHops[0]?.via, "10.0.0.10");
  t.not(routeIn(plan, A, "us-east-1a", "10.0.0.10/32"), undefined);
  t.not(routeIn(plan, MAIN, "us-east-1b", "10.0.16.10/32"), undefined);
});

test("an address that nobody has, and a destination without a route, lead nowhere", (t) => {
  const tables = [table(A, ["subnet-a"], []), table(MAIN, [], [], true)];
  const plan = planNetwork({ model: model(nodes, tables), running: running(nodes), breakages: [] });
  t.deepEqual(routeIn(plan, A, "us-east-1a", "10.0.0.0/16")?.nextHops, []);
  t.deepEqual(routeIn(plan, A, "us-east-1a", "0.0.0.0/0")?.nextHops, []);
});

const gateway: TransitGateway = {
  id: "tgw-00000000000000001",
  attachments: [
    { id: "tgw-attach-00000000000000001", vpcId: VPC, subnetIds: ["subnet-a"], state: "available" },
  ],
  routeTables: [
    {
      id: "tgw-rtb-1",
      isDefault: true,
      routes: [
        { destinationCidrBlock: OVERLAY, attachmentId: "tgw-attach-00000000000000001", state: "active" },
      ],
    },
  ],
};

test("a transit gateway is reached in zones where it has an interface, and knows what propagates or is static", (t) => {
  const target = { kind: "transit-gateway", id: gateway.id } as const;
  const route = { destinationCidrBlock: "172.16.0.0/12", state: "active", target } as const;
  const tables = [table(A, ["subnet-a"], [route]), table(MAIN, [], [route], true)];
  const with1 = model(nodes, tables, { transitGateways: [gateway] });
  const plan = planNetwork({ model: with1, running: running(nodes), breakages: [] });
  t.is(routeIn(plan, A, "us-east-1a", "172.16.0.0/12")?.nextHops.length, 1);
  t.deepEqual(routeIn(plan, MAIN, "us-east-1b", "172.16.0.0/12")?.nextHops, []);
  const transit = plan.routers.find(({ namespace }) => namespace.startsWith("tgw-"));
  const known = (all: NetworkPlan["routers"][number] | undefined) =>
    all?.routes.filter(({ nextHops }) => nextHops.length > 0).map(({ destination }) => destination);
  t.deepEqual(known(transit), ["10.0.0.0/16", "172.16.0.0/24", OVERLAY, "203.0.113.0/24"]);
  const tablesWithout = gateway.routeTables.map((one) => ({ ...one, routes: [] }));
  const without = { ...with1, transitGateways: [{ ...gateway, routeTables: tablesWithout }] };
  const bare = planNetwork({ model: without, running: running(nodes), breakages: [] });
  t.false(known(bare.routers.find(({ namespace }) => namespace.startsWith("tgw-")))?.includes(OVERLAY));
});

test("the corporate side routes towards AWS what it was told, and before that what the gateway announces", (t) => {
  const tables = [table(A, ["subnet-a"], []), table(MAIN, [], [], true)];
  const situation = {
    model: model(nodes, tables, { transitGateways: [gateway] }),
    running: running(nodes),
    breakages: [],
  };
  const destinations = (plan: NetworkPlan) =>
    plan.routers
      .find(({ namespace }) => namespace === "corporate")
      ?.routes.map(({ destination }) => destination);
  t.deepEqual(destinations(planNetwork(situation)), ["10.0.0.0/16", OVERLAY]);
  const corporate = { bind: "", routes: ["10.0.0.0/16"] };
  t.deepEqual(destinations(planNetwork({ ...situation, corporate })), ["10.0.0.0/16"]);
});

test("an interface that is being detached is unplugged, and one of a host that does not run isn't plugged in", (t) => {
  const { networkInterface } = node2;
  const detaching = {
    ...node2,
    networkInterface: {
      ...networkInterface,
      attachment: { id: "", instanceId: node2.instance.id, deviceIndex: 1, status: "detaching" as const },
    },
  };
  const tables = [table(MAIN, [], [], true)];
  const hostEnds = (all: typeof nodes, on: typeof nodes): string[] =>
    planNetwork({ model: model(all, tables), running: running(on), breakages: [] }).links.flatMap(
      ({ ends }) => ends.filter(({ ofHost }) => ofHost).map(({ namespace, name }) => `${namespace}/${name}`),
    );
  t.deepEqual(hostEnds(nodes, nodes), ["node1/ens5", "node2/ens5"]);
  t.deepEqual(hostEnds([node1, detaching], nodes), ["node1/ens5"]);
  t.deepEqual(hostEnds(nodes, [node2]), ["node2/ens5"]);
});
