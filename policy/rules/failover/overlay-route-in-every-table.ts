import { type OverlayRoute, overlayRoutes, subnetOnMainTable, tablesOf } from "../../lib/overlay";
import { describe } from "../../lib/resource";
import { stackRule } from "../../lib/rule";
import type { Member, Stack } from "../../lib/stack";
import { types } from "../../lib/types";

export const overlayRouteInEveryTable = stackRule({
  name: "overlay-route-in-every-table",
  description: "The route to an overlay IP is in every route table of its VPC.",
  why: "clients in the subnets of a forgotten table cannot reach the service, or reach the failed node",
  level: "mandatory",
  source: "https://docs.aws.amazon.com/sap/latest/sap-hana/sap-hana-on-aws-overlay-ip.html",
  check: (stack) => {
    const routes = overlayRoutes(stack);
    return [...new Set(routes.map((route) => route.destination))].flatMap((destination) =>
      missing(
        stack,
        routes.filter((route) => route.destination === destination),
      ),
    );
  },
});

function missing(stack: Stack, routes: readonly OverlayRoute[]) {
  const [first] = routes;
  if (first === undefined) return [];
  const { resource, destination } = first;
  const remedy = "add the table, or its id to the overlay IP's route tables";
  const covered = routes.flatMap((route) => route.tables);
  return [...new Set(routes.flatMap((route) => route.vpcs))].flatMap((vpc) => {
    const forgotten = tablesOf(stack, vpc).filter((table) => !covered.includes(table));
    const findings = forgotten.map((table) => ({
      resource,
      found: `has no route to ${destination} in ${describe(table)}`,
      remedy,
    }));
    const subnet = subnetOnMainTable(stack, vpc);
    if (subnet === undefined || mainTableCovered(stack, vpc, routes)) return findings;
    const found = `has no route to ${destination} in the main route table of ${describe(vpc)}, which ${describe(subnet)} uses`;
    return [
      ...findings,
      { resource, found, remedy: "add mainRouteTableId of the VPC, or associate the subnet" },
    ];
  });
}

function mainTableCovered(stack: Stack, vpc: Member, routes: readonly OverlayRoute[]): boolean {
  // Where another table was made the main one, it is judged like any other.
  if (stack.linkedTo(vpc, [types.mainTable], "vpcId").length > 0) return true;
  if (stack.linkedTo(vpc, [types.defaultRouteTable], "defaultRouteTableId").length > 0) return true;
  return routes.some(({ resource, declared }) => {
    const property = declared ? "routeTableIds" : "routeTableId";
    return stack.linked(resource, property, [types.vpc]).members.includes(vpc);
  });
}
