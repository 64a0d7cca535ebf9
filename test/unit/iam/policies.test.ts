import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { floatingEniPolicy } from "../../../components/failover/mechanisms/floating-eni/policy.plan";
import { overlayIpPolicy } from "../../../components/failover/mechanisms/overlay-ip/policy.plan";
import {
  type ArnScope,
  assumeRoleByEc2,
  partitionOf,
  type PolicyDocument,
} from "../../../components/iam/policy.plan";
import {
  normalizedRecordName,
  serviceNamePolicy,
} from "../../../components/failover/mechanisms/service-name/policy.plan";
import { type Call, change, isAllowed, SCOPES } from "./simulate";
import { arns, IDS, temptingForAll } from "./tempting";

interface Mechanism {
  policy: (scope: ArnScope) => PolicyDocument;
  /** What its move calls. */
  needed: (scope: ArnScope) => Call[];
}

function describes(...what: string[]): Call[] {
  return what.map((name) => ({ action: `ec2:Describe${name}`, resources: ["*"] }));
}

const MECHANISMS: Record<string, Mechanism> = {
  "overlay IP": {
    policy: (scope) => overlayIpPolicy({ ...scope, routeTableIds: IDS.tables }),
    needed: (scope) => [
      ...describes("RouteTables", "Instances", "InstanceStatus", "NetworkInterfaces", "Vpcs"),
      ...IDS.tables.flatMap((id) =>
        ["ec2:ReplaceRoute", "ec2:CreateRoute", "ec2:DeleteRoute"].map((action) => ({
          action,
          resources: [arns(scope).table(id)],
        })),
      ),
    ],
  },
  "floating ENI": {
    policy: (scope) => floatingEniPolicy({ ...scope, networkInterfaceId: IDS.eni, instanceIds: IDS.nodes }),
    needed: (scope) => [
      ...describes("NetworkInterfaces", "Instances", "InstanceStatus", "InstanceTypes", "Subnets"),
      ...IDS.nodes.flatMap((id) =>
        ["ec2:DetachNetworkInterface", "ec2:AttachNetworkInterface"].map((action) => ({
          action,
          resources: [arns(scope).eni(IDS.eni), arns(scope).instance(id)],
        })),
      ),
    ],
  },
  "service name": {
    policy: ({ partition }) => serviceNamePolicy({ partition, zoneId: IDS.zone, recordName: IDS.record }),
    needed: (scope) => [
      ...describes("Instances", "InstanceStatus"),
      { action: "route53:GetHostedZone", resources: [arns(scope).zone(IDS.zone)] },
      { action: "route53:ListResourceRecordSets", resources: [arns(scope).zone(IDS.zone)] },
      { action: "route53:GetChange", resources: [arns(scope).change("C0123456789")] },
      {
        action: "route53:ChangeResourceRecordSets",
        resources: [arns(scope).zone(IDS.zone)],
        context: change("UPSERT", IDS.record, "A"),
      },
    ],
  },
};

for (const [name, mechanism] of Object.entries(MECHANISMS)) {
  for (const scope of Object.values(SCOPES)) {
    test(`${name} in ${scope.partition}: everything the move calls is allowed`, async (t) => {
      for (const call of mechanism.needed(scope)) {
        t.true(await isAllowed(mechanism.policy(scope), scope, call), JSON.stringify(call));
      }
    });

    test(`${name} in ${scope.partition}: nothing else is, neither tempting calls nor other mechanisms'`, async (t) => {
      const own = new Set(mechanism.needed(scope).map((call) => JSON.stringify(call)));
      const others = Object.values(MECHANISMS).flatMap((m) => m.needed(scope));
      const tempting = [...temptingForAll(scope), ...others].filter((call) => !own.has(JSON.stringify(call)));
      t.true(tempting.length >= 40);
      for (const call of tempting) {
        t.false(await isAllowed(mechanism.policy(scope), scope, call), JSON.stringify(call));
      }
    });

    test(`${name} in ${scope.partition}: every ARN is of the partition`, (t) => {
      const found = JSON.stringify(mechanism.policy(scope)).match(/arn:[^:]+/g) ?? [];
      t.deepEqual([...new Set(found)], [`arn:${scope.partition}`]);
    });
  }
}

test("a policy of one partition allows nothing in another", async (t) => {
  const policy = overlayIpPolicy({ ...SCOPES.aws, routeTableIds: IDS.tables });
  const call = { action: "ec2:ReplaceRoute", resources: [arns(SCOPES["aws-cn"]).table(IDS.tables[0] ?? "")] };
  t.false(await isAllowed(policy, SCOPES["aws-cn"], call));
});

test("a batch that carries one foreign change is denied as a whole", async (t) => {
  const policy = serviceNamePolicy({ partition: "aws", zoneId: IDS.zone, recordName: IDS.record });
  const call = {
    action: "route53:ChangeResourceRecordSets",
    resources: [arns(SCOPES.aws).zone(IDS.zone)],
    context: {
      ...change("UPSERT", IDS.record, "A"),
      "route53:ChangeResourceRecordSetsNormalizedRecordNames": [IDS.record, "other.awslab.mycompany.corp"],
    },
  };
  t.false(await isAllowed(policy, SCOPES.aws, call));
});

test("the API's prefix of a zone id is not part of the ARN", (t) => {
  const text = JSON.stringify(
    serviceNamePolicy({ partition: "aws", zoneId: `/hostedzone/${IDS.zone}`, recordName: IDS.record }),
  );
  t.true(text.includes(`"arn:aws:route53:::hostedzone/${IDS.zone}"`));
});

test("a record name is normalised as Route 53 does it", (t) => {
  t.is(normalizedRecordName("MyService.AWSlab.mycompany.corp."), "myservice.awslab.mycompany.corp");
  t.is(normalizedRecordName("*.awslab.mycompany.corp"), "\\052.awslab.mycompany.corp");
  t.is(normalizedRecordName("_tcp.a-b"), "_tcp.a-b");
});

test("only EC2 may assume the role, under the partition's name", (t) => {
  const principal = (region: string) =>
    assumeRoleByEc2(partitionOf(region)).Statement.map((s) => s.Principal?.Service);
  t.deepEqual(principal("us-east-1"), ["ec2.amazonaws.com"]);
  t.deepEqual(principal("us-gov-west-1"), ["ec2.amazonaws.com"]);
  t.deepEqual(principal("cn-northwest-1"), ["ec2.amazonaws.com.cn"]);
});

test("wildcards cannot slip in through ids, nor empty lists make a statement void", (t) => {
  for (const id of ["*", "rtb-*", "", "rtb-1/../*", "${aws:username}"]) {
    t.throws(() => overlayIpPolicy({ ...SCOPES.aws, routeTableIds: [id] }), { message: /is not the id/ });
  }
  t.throws(() => overlayIpPolicy({ ...SCOPES.aws, routeTableIds: [] }), {
    message: /at least one route table/,
  });
  t.throws(() => floatingEniPolicy({ ...SCOPES.aws, networkInterfaceId: IDS.eni, instanceIds: [] }), {
    message: /at least one instance/,
  });
});

/** What a move does in passing, and says how to do by hand where it may not: too much power to give to a node for that. */
const OPTIONAL = ["ec2:ModifyNetworkInterfaceAttribute"];

test("every action that a move can call is in one of the policies", (t) => {
  const clients = join(__dirname, "../../../components/failover/core/clients");
  const called = ["ec2", "route53"].flatMap((service) =>
    [...readFileSync(join(clients, `${service}.ts`), "utf8").matchAll(/new (\w+)Command\(/g)].map(
      ([, name]) => `${service}:${name}`,
    ),
  );
  const allowed = Object.values(MECHANISMS).flatMap((m) =>
    m.policy(SCOPES.aws).Statement.flatMap((s) => s.Action),
  );
  t.true(called.length > 10);
  t.deepEqual(
    called.filter((action) => !allowed.includes(action) && !OPTIONAL.includes(action)),
    [],
  );
});
