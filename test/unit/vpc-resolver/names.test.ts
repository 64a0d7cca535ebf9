/** Which names the VPC's resolver answers for, and with what. */
import test from "ava";
import fc from "fast-check";
import { resolveInVpc } from "../../cloud/dns/vpc-resolver";
import type { CloudModel } from "../../cloud/model";
import { hostedZone, model, networkInterface, NOW, record, soa, vpc, VPC_ID } from "./_model";

const ask = (cloud: CloudModel, name: string, type = "A", now = NOW) =>
  resolveInVpc(cloud, VPC_ID, { name, type }, now);
const values = (cloud: CloudModel, name: string, type = "A", now = NOW): readonly string[] | undefined =>
  ask(cloud, name, type, now)?.answers.flatMap((set) => set.values);

const ZONE = "awslab.mycompany.corp.";
const NAME = `myservice.${ZONE}`;

test("a record of a private zone is answered as it was set, in whatever case it is asked for", (t) => {
  const cloud = model([hostedZone(ZONE, [record(NAME, "A", ["10.0.0.10", "10.0.1.10"], 10)])]);
  for (const name of [NAME, "MyService.AwsLab.mycompany.corp", NAME.slice(0, -1)]) {
    t.deepEqual(ask(cloud, name), {
      rcode: "NOERROR",
      answers: [record(NAME, "A", ["10.0.0.10", "10.0.1.10"], 10)],
    });
  }
});

test("the most specific zone answers alone: what it does not have, a wider one may not give", (t) => {
  const wide = hostedZone("mycompany.corp.", [
    record(NAME, "A", "10.9.9.9"),
    record(`only-wide.${ZONE}`, "A", "10.9.9.9"),
    record("else.mycompany.corp.", "A", "10.9.9.1"),
  ]);
  const narrow = hostedZone(ZONE, [record(NAME, "A", "10.0.0.10")]);
  for (const zones of [
    [wide, narrow],
    [narrow, wide],
  ]) {
    const cloud = model(zones);
    t.deepEqual(values(cloud, NAME), ["10.0.0.10"]);
    t.is(ask(cloud, `only-wide.${ZONE}`)?.rcode, "NXDOMAIN");
    t.deepEqual(values(cloud, "else.mycompany.corp."), ["10.9.9.1"]);
    const noData = ask(cloud, NAME, "AAAA");
    t.deepEqual([noData?.rcode, noData?.answers, noData?.soa?.name], ["NOERROR", [], ZONE]);
  }
});

test("a zone is seen from its own VPCs alone", (t) => {
  const cloud = model([hostedZone(ZONE, [record(NAME, "A", "10.0.0.10")], ["vpc-0000000000000000f"])]);
  t.is(ask(cloud, NAME)?.rcode, "SERVFAIL");
});

test("no such name: the zone's SOA says for how long that may be remembered", (t) => {
  const cloud = model([hostedZone(ZONE, [])]);
  const answer = ask(cloud, NAME);
  t.is(answer?.rcode, "NXDOMAIN");
  t.deepEqual([answer?.soa?.name, answer?.soa?.type, answer?.soa?.ttl], [ZONE, "SOA", 900]);
  const short = { ...soa(ZONE), values: ["ns. host. 1 7200 900 1209600 5"] };
  const versions = [{ visibleAt: 0, vpcIds: [VPC_ID], records: [short] }];
  t.is(ask(model([{ id: "Z", name: ZONE, versions }]), NAME)?.soa?.ttl, 5);
});

test("a change is seen when it has reached the resolvers, not before", (t) => {
  const at = (visibleAt: number, ...addresses: string[]) => ({
    ...{ visibleAt, vpcIds: [VPC_ID] },
    records: [soa(ZONE), ...addresses.map((one) => record(NAME, "A", one, 10))],
  });
  const versions = [at(NOW), at(NOW + 100, "10.0.0.10"), at(NOW + 200, "10.0.1.10"), at(NOW + 300)];
  const cloud = model([{ id: "Z", name: ZONE, versions }]);
  t.is(ask(cloud, NAME, "A", NOW - 1)?.rcode, "SERVFAIL", "the zone itself is new");
  t.is(ask(cloud, NAME, "A", NOW + 99)?.rcode, "NXDOMAIN");
  t.deepEqual(values(cloud, NAME, "A", NOW + 100), ["10.0.0.10"]);
  t.deepEqual(values(cloud, NAME, "A", NOW + 199), ["10.0.0.10"]);
  t.deepEqual(values(cloud, NAME, "A", NOW + 200), ["10.0.1.10"]);
  t.is(ask(cloud, NAME, "A", NOW + 300)?.rcode, "NXDOMAIN");
});

test("CNAMEs are followed, from zone to zone; a loop and an end in the internet are no answer", (t) => {
  const cloud = model([
    hostedZone(ZONE, [
      record(`a.${ZONE}`, "CNAME", "B.Other.Corp", 5),
      record(`loop.${ZONE}`, "CNAME", `pool.${ZONE}`),
      record(`pool.${ZONE}`, "CNAME", `loop.${ZONE}`),
      record(`out.${ZONE}`, "CNAME", "www.example.com."),
      record(`host.${ZONE}`, "CNAME", "ip-10-0-1-10.ec2.internal."),
      record(`gone.${ZONE}`, "CNAME", `nothing.${ZONE}`),
    ]),
    hostedZone("other.corp.", [record("b.other.corp.", "A", "10.0.0.10")]),
  ]);
  t.deepEqual(values(cloud, `a.${ZONE}`), ["B.Other.Corp", "10.0.0.10"]);
  t.deepEqual(values(cloud, `a.${ZONE}`, "CNAME"), ["B.Other.Corp"]);
  t.deepEqual(values(cloud, `host.${ZONE}`), ["ip-10-0-1-10.ec2.internal.", "10.0.1.10"]);
  const gone = ask(cloud, `gone.${ZONE}`);
  t.deepEqual([gone?.rcode, gone?.answers.length, gone?.soa?.name], ["NXDOMAIN", 1, ZONE]);
  for (const name of ["loop", "out"]) {
    const answer = ask(cloud, `${name}.${ZONE}`);
    t.deepEqual([answer?.rcode, answer?.answers], ["SERVFAIL", []]);
    t.true((answer?.reason ?? "").length > 0);
  }
});

test("an interface's addresses have names, and the names lead back", (t) => {
  const cloud = model([]);
  for (const [address, label] of [
    ["10.0.0.10", "ip-10-0-0-10"],
    ["10.0.0.11", "ip-10-0-0-11"],
  ] as const) {
    const [a, b, c, d] = address.split(".");
    t.deepEqual(values(cloud, `${label}.ec2.internal`), [address]);
    t.deepEqual(values(cloud, `${d}.${c}.${b}.${a}.in-addr.arpa`, "PTR"), [`${label}.ec2.internal.`]);
  }
  t.is(ask(cloud, "ip-10-0-0-99.ec2.internal")?.rcode, "NXDOMAIN");
  t.is(ask(cloud, "99.0.0.10.in-addr.arpa", "PTR")?.rcode, "NXDOMAIN");
  t.is(ask(cloud, "1.1.168.192.in-addr.arpa", "PTR")?.rcode, "NXDOMAIN", "nobody else is asked for these");
  const elsewhere = model([], { region: "eu-central-1" });
  t.deepEqual(values(elsewhere, "ip-10-0-0-10.eu-central-1.compute.internal"), ["10.0.0.10"]);
});

test("a private reverse zone goes before EC2's own at the same name, and not where it is wider", (t) => {
  const own = record("10.0.0.10.in-addr.arpa.", "PTR", "node1.mycompany.corp.");
  const same = model([hostedZone("0.10.in-addr.arpa.", [own])]);
  t.deepEqual(values(same, own.name, "PTR"), ["node1.mycompany.corp."]);
  t.is(ask(same, "10.1.0.10.in-addr.arpa", "PTR")?.rcode, "NXDOMAIN");
  const wider = model([hostedZone("10.in-addr.arpa.", [own])]);
  t.deepEqual(values(wider, own.name, "PTR"), ["ip-10-0-0-10.ec2.internal."]);
});

test("the VPC's DNS attributes: without support nobody answers, without hostnames no private name is known", (t) => {
  const zones = [hostedZone(ZONE, [record(NAME, "A", "10.0.0.10")])];
  const with_ = (changes: Parameters<typeof vpc>[0]) => model(zones, { vpcs: [vpc(changes)] });
  t.is(ask(with_({ enableDnsSupport: false }), NAME), undefined);
  for (const name of [NAME, "ip-10-0-0-10.ec2.internal"]) {
    t.is(ask(with_({ enableDnsHostnames: false }), name)?.rcode, "SERVFAIL");
  }
  t.is(resolveInVpc(model(zones), "vpc-0000000000000000f", { name: NAME, type: "A" }, NOW), undefined);
});

test("another VPC's hosts are not named", (t) => {
  const other = { ...networkInterface("eni-9", "10.0.0.77"), vpcId: "vpc-0000000000000000f" };
  t.is(ask(model([], { networkInterfaces: [other] }), "ip-10-0-0-77.ec2.internal")?.rcode, "NXDOMAIN");
});

const label = fc.constantFrom("a", "b", "c", "\\052");
const name = fc.array(label, { minLength: 0, maxLength: 3 }).map((labels) => [...labels, ZONE].join("."));
const sets = fc.uniqueArray(fc.record({ name, type: fc.constantFrom("A", "TXT") }), {
  selector: (one) => `${one.name} ${one.type}`,
  maxLength: 8,
});

test("whatever a zone has and whatever is asked: own records are answered, others never, and SERVFAIL is none of it", (t) => {
  fc.assert(
    fc.property(sets, name, fc.constantFrom("A", "TXT", "AAAA"), (zoneSets, asked, type) => {
      const value = (one: { type: string }) => (one.type === "A" ? "10.0.0.10" : '"text"');
      const records = zoneSets.map((one, i) => record(one.name, one.type, value(one), i));
      const wider = hostedZone("mycompany.corp.", [record(asked, type, "0.0.0.0", 77)]);
      const answer = ask(model([wider, hostedZone(ZONE, records)]), asked, type);
      if (answer === undefined) return false;
      const own = records.find((one) => one.name === asked && one.type === type);
      if (own !== undefined) return answer.rcode === "NOERROR" && answer.answers[0] === own;
      const exists =
        asked === ZONE || records.some((one) => one.name === asked || one.name.endsWith(`.${asked}`));
      const [found] = answer.answers;
      const byWildcard =
        found !== undefined && records.some((one) => one.ttl === found.ttl && one.name.startsWith("\\052."));
      if (found !== undefined) return !exists && byWildcard && found.name === asked;
      if (exists) return answer.rcode === "NOERROR" && answer.soa !== undefined;
      return ["NOERROR", "NXDOMAIN"].includes(answer.rcode) && answer.soa !== undefined;
    }),
  );
  t.pass();
});
