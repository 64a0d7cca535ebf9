/** What a look must not take for "the service is nowhere": another account, another region, a zone that answers first. */
import test from "ava";
import { LIMITS } from "../../../components/failover/core/context";
import { floatingEni } from "../../../components/failover/mechanisms/floating-eni/moves";
import { overlayIp } from "../../../components/failover/mechanisms/overlay-ip/moves";
import { serviceName } from "../../../components/failover/mechanisms/service-name/moves";
import { FakeAwsError } from "./faults";
import { FakeRoutes } from "./fake-routes";
import { NO_OTHER_CALLS, REFUSING_EC2, REFUSING_ROUTE53 } from "./refusing";

const region = "us-east-1";

test("a VPC that shows no route tables is an error, with what to check", async (t) => {
  const service = { destination: "192.168.10.1/32", vpcId: "vpc-1", region, candidates: {} };
  await t.throwsAsync(overlayIp.locate(service, new FakeRoutes({}).context()), {
    message: /vpc-1 shows no route tables in us-east-1: check the credentials, the account and the region/,
  });
});

test("a floating interface that doesn't exist is an error, with what to check", async (t) => {
  const service = { networkInterfaceId: "eni-1", region, candidates: {} };
  const context = {
    limits: LIMITS,
    calls: NO_OTHER_CALLS,
    ec2: () =>
      Promise.resolve({
        ...REFUSING_EC2,
        describeNetworkInterfaces: () =>
          Promise.reject(new FakeAwsError("InvalidNetworkInterfaceID.NotFound")),
      }),
    route53: () => Promise.reject(new Error("an interface doesn't need Route 53")),
  };
  await t.throwsAsync(floatingEni.locate(service, context), {
    message: /eni-1 does not exist in us-east-1: check the credentials/,
  });
});

const zones = (...names: string[]) => ({
  limits: LIMITS,
  calls: NO_OTHER_CALLS,
  ec2: () => Promise.reject(new Error("a name doesn't need EC2")),
  route53: () =>
    Promise.resolve({
      ...REFUSING_ROUTE53,
      listResourceRecordSets: () =>
        Promise.resolve({
          $metadata: {},
          ResourceRecordSets: [
            { Name: "db.lab.corp.", Type: "A" as const, TTL: 10, ResourceRecords: [{ Value: "10.0.0.10" }] },
          ],
          IsTruncated: false,
          MaxItems: 20,
        }),
      listHostedZonesByVPC: () =>
        Promise.resolve({
          $metadata: {},
          MaxItems: 100,
          HostedZoneSummaries: names.map((Name, index) => ({
            HostedZoneId: `Z${index}`,
            Name,
            Owner: { OwningAccount: "123456789012" },
          })),
        }),
    }),
});
const service = {
  hostedZoneId: "Z0",
  name: "db.lab.corp",
  ttl: 10,
  region,
  vpcId: "vpc-1",
  candidates: { node1: { address: "10.0.0.10" } },
};

for (const [shadow, ...others] of [
  ["db.lab.corp.", "db.lab.corp."],
  [undefined, "corp."],
  [undefined, "other.lab.corp."],
  [undefined, "b.lab.corp."],
  ["db.lab.corp.", "corp.", "db.lab.corp."],
] as const)
  test(`of the zones lab.corp and ${others.join(", ")}, ${shadow ?? "lab.corp"} answers for db.lab.corp`, async (t) => {
    const { state, notes = [] } = await serviceName.locate(service, zones("lab.corp.", ...others));
    t.is(state, "at");
    t.is(notes.length, shadow === undefined ? 0 : 1);
    if (shadow !== undefined) t.true(notes[0]?.includes(`zone ${shadow}`));
  });
