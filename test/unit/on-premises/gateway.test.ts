/** What an existing transit gateway needs: judged from what AWS says about it, ours or shared from another account. */
import test from "ava";
import {
  type ExistingGateway,
  type GatewayDuties,
  ownerOrders,
  planGatewayDuties,
} from "../../../components/on-premises/gateway.plan";

const ours: ExistingGateway = {
  id: "tgw-0123456789abcdef0",
  ownerId: "123456789012",
  accountId: "123456789012",
  routeTableId: "tgw-rtb-0123456789abcdef0",
  defaultAssociation: true,
  propagatesTo: "tgw-rtb-0123456789abcdef0",
};
const shared = { ...ours, ownerId: "210987654321", routeTableId: undefined };

const cases: readonly (readonly [string, ExistingGateway, GatewayDuties])[] = [
  ["ours, with every default", ours, { associate: false, propagate: false, byOwner: false }],
  [
    "ours, without association",
    { ...ours, defaultAssociation: false },
    { associate: true, propagate: false, byOwner: false },
  ],
  [
    "ours, without propagation",
    { ...ours, propagatesTo: undefined },
    { associate: false, propagate: true, byOwner: false },
  ],
  // The corporate attachment would not learn the way to the VPC from another table.
  [
    "ours, propagating elsewhere",
    { ...ours, propagatesTo: "tgw-rtb-00000000000000001" },
    { associate: false, propagate: true, byOwner: false },
  ],
  ["shared, with every default", shared, { associate: false, propagate: false, byOwner: true }],
  [
    "shared, without any default",
    { ...shared, defaultAssociation: false, propagatesTo: undefined },
    { associate: true, propagate: true, byOwner: true },
  ],
];

for (const [title, gateway, duties] of cases) {
  test(title, (t) => {
    const plan = planGatewayDuties(gateway);
    t.deepEqual(plan.ok ? plan.value : plan.problems, duties);
  });
}

test("a gateway of ours needs its route table, by the setting's name", (t) => {
  const plan = planGatewayDuties({ ...ours, routeTableId: undefined });
  t.false(plan.ok);
  if (!plan.ok)
    t.deepEqual(
      plan.problems.map(({ key }) => key),
      ["transitGatewayRouteTable"],
    );
});

test("the owner's orders are commands of the AWS CLI, with what is known filled in", (t) => {
  const args = { region: "cn-north-1", attachmentId: "tgw-attach-01", destinations: ["192.168.10.1/32"] };
  const duties = { associate: true, propagate: true, byOwner: true };
  const orders = ownerOrders({ ...args, duties })
    .trimEnd()
    .split("\n");
  t.deepEqual(
    orders.map((line) => line.split(" ")[2]),
    [
      "associate-transit-gateway-route-table",
      "enable-transit-gateway-route-table-propagation",
      "create-transit-gateway-route",
    ],
  );
  for (const line of orders) t.regex(line, /--region cn-north-1 .*ROUTE_TABLE .*tgw-attach-01/);
  const known = ownerOrders({
    ...args,
    routeTableId: "tgw-rtb-01",
    duties: { associate: false, propagate: false, byOwner: true },
  });
  t.is(
    known,
    "aws ec2 create-transit-gateway-route --region cn-north-1 --transit-gateway-route-table-id tgw-rtb-01 " +
      "--transit-gateway-attachment-id tgw-attach-01 --destination-cidr-block 192.168.10.1/32\n",
  );
});
