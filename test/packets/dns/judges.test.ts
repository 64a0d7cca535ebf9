/** The VPC's resolver, judged by programs that nobody here wrote: dig, delv, and BIND before and beside it. */
import fc from "fast-check";
import { testWith } from "../../unit/nodes/tools";
import { hostedZone, model, record } from "../../unit/vpc-resolver/_model";
import { dig, look, named, served } from "./_served";

const ZONE = "awslab.mycompany.corp.";
const NAME = `myservice.${ZONE}`;
const withDig = testWith("dig");
const withNamed = testWith("named", "dig");

const many = Array.from({ length: 100 }, (_, i) => `10.0.1.${i}`);
const cloud = model([
  hostedZone(ZONE, [
    record(NAME, "A", "10.0.0.10", 10),
    record(`alias.${ZONE}`, "CNAME", NAME, 20),
    record(`\\052.wild.${ZONE}`, "TXT", '"any of them"'),
    record(`many.${ZONE}`, "A", many),
    record(`srv.${ZONE}`, "SRV", "1 2 389 ldap.example.com."),
    record(`caa.${ZONE}`, "CAA", '0 issue "ca.example.com"'),
  ]),
]);

withDig("dig understands every answer, and has nothing to warn of", async (t) => {
  const port = await served(t, cloud);
  const short = async (...args: string[]): Promise<string> =>
    (await dig(port, "+short", ...args)).stdout.trim();
  t.is(await short(NAME), "10.0.0.10");
  t.is(await short(`alias.${ZONE}`), `${NAME}\n10.0.0.10`);
  t.is(await short(`a.b.wild.${ZONE}`, "TXT"), '"any of them"');
  t.is(await short(`srv.${ZONE}`, "SRV"), "1 2 389 ldap.example.com.");
  t.is(await short(`caa.${ZONE}`, "CAA"), '0 issue "ca.example.com"');
  t.is(await short("-x", "10.0.0.10"), "ip-10-0-0-10.ec2.internal.");
  t.is(await short("ip-10-0-0-10.ec2.internal"), "10.0.0.10");
  const answer = await look(port, NAME);
  t.deepEqual([answer.rcode, answer.flags], ["NOERROR", "qr rd ra"]);
  t.notRegex(answer.text, /WARNING|Warning|malformed|FORMERR/);
  const gone = await look(port, `nothing.${ZONE}`);
  t.is(gone.rcode, "NXDOMAIN");
  t.regex(gone.text, /^awslab\.mycompany\.corp\.\s+900\s+IN\s+SOA/m);
  t.is((await look(port, "example.com")).rcode, "SERVFAIL");
  t.regex((await look(port, "example.com")).text, /EDE: 23 \(Network Error\)/);
});

withDig("what is too long for UDP is asked for again over TCP, by itself", async (t) => {
  const port = await served(t, cloud);
  const cut = await look(port, `many.${ZONE}`, "+noedns", "+ignore");
  t.regex(cut.flags, /tc/);
  const whole = await look(port, `many.${ZONE}`, "+noedns");
  t.regex(whole.text, /Truncated, retrying in TCP mode/);
  t.regex(whole.text, /ANSWER: 100,/);
  t.regex((await look(port, `many.${ZONE}`, "+bufsize=4096", "+ignore")).text, /ANSWER: 100,/);
  t.is((await look(port, NAME, "+tcp", "+keepopen")).rcode, "NOERROR");
});

withDig("other kinds of queries: refused, not implemented, another EDNS", async (t) => {
  const port = await served(t, cloud);
  t.regex((await dig(port, ZONE, "AXFR")).stdout, /Transfer failed/);
  t.is((await look(port, "version.bind", "CH", "TXT")).rcode, "REFUSED");
  t.is((await look(port, NAME, "+opcode=notify")).rcode, "NOTIMP");
  t.is((await look(port, NAME, "+opcode=update")).rcode, "NOTIMP");
  t.is((await look(port, NAME, "+edns=100", "+noednsneg")).rcode, "BADVERS");
  t.is((await look(port, NAME, "+dnssec", "+cookie", "+nsid", "+subnet=10.0.0.0/8")).rcode, "NOERROR");
});

withDig("what is more than an interface may send is not answered", async (t) => {
  const port = await served(t, { ...cloud, resolverPacketsPerSecond: 2 });
  const asked = await Promise.all(Array.from({ length: 10 }, () => look(port, NAME, "+time=1")));
  const answered = asked.filter(({ rcode }) => rcode === "NOERROR").length;
  // Ten at once fall into one second, or into two.
  t.true(answered >= 2 && answered <= 4, `${answered} were answered`);
});

withNamed("BIND as forwarder before it: names, aliases, absence, lengths, and its caches", async (t) => {
  const port = await served(t, cloud);
  const forwarders = `forwarders { 127.0.0.1 port ${port}; }; forward only; recursion yes;`;
  const forwarder = await named(t, forwarders);
  const short = async (...args: string[]): Promise<string> =>
    (await dig(forwarder, "+short", ...args)).stdout.trim();
  t.is(await short(NAME), "10.0.0.10");
  t.is(await short(`alias.${ZONE}`), `${NAME}\n10.0.0.10`);
  t.is(await short(`x.wild.${ZONE}`, "TXT"), '"any of them"');
  t.is((await short(`many.${ZONE}`)).split("\n").length, 100);
  t.is(await short("-x", "10.0.1.10"), "ip-10-0-1-10.ec2.internal.");
  t.is((await look(forwarder, `nothing.${ZONE}`)).rcode, "NXDOMAIN");
  t.is((await look(forwarder, "example.com")).rcode, "SERVFAIL");
  const mixed = await look(forwarder, "MyService.AWSlab.mycompany.corp");
  t.is(mixed.rcode, "NOERROR");
});

testWith("named", "delv")("delv, which validates: an unsigned answer that is sound", async (t) => {
  const port = await served(t, cloud);
  const { stdout } = await runDelv(port);
  t.regex(stdout, /not validated|unsigned answer/);
  t.regex(stdout, /myservice\.awslab\.mycompany\.corp\.\s+10\s+IN\s+A\s+10\.0\.0\.10/);
});

async function runDelv(port: number) {
  const { run } = await import("../../unit/nodes/tools");
  return run("delv", ["@127.0.0.1", "-p", String(port), "+noroot", "-i", NAME, "A"]);
}

const label = fc.constantFrom("a", "b", "c", "\\052");
const owner = fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => labels.join("."));
const data = fc.oneof(
  fc.record({ type: fc.constant("A"), value: fc.nat(250).map((n) => `10.0.0.${n}`) }),
  fc.record({
    type: fc.constant("TXT"),
    value: fc.stringMatching(/^[a-z]{1,8}$/).map((text) => `"${text}"`),
  }),
  fc.record({ type: fc.constant("CNAME"), value: owner.map((name) => `${name}.ZONE`) }),
);
/** A zone's records: of each name either one CNAME or some others. */
const zones = fc
  .array(fc.record({ owner, data }), { minLength: 1, maxLength: 10 })
  .map((sets) =>
    sets.filter(
      (one, i) =>
        sets.findIndex(
          (other) =>
            other.owner === one.owner &&
            (other.data.type === one.data.type ||
              [other, one].some(({ data: { type } }) => type === "CNAME")),
        ) === i,
    ),
  );

withNamed("zones made at random: BIND, which has them as primary, says the same of every name", async (t) => {
  const samples = fc.sample(zones, { seed: 20, numRuns: 40 });
  const own = samples.map((sets, i) => {
    const zone = `z${i}.corp.`;
    const value = (text: string): string => text.replace("ZONE", zone);
    return {
      zone,
      sets: sets.map((one) => record(`${one.owner}.${zone}`, one.data.type, value(one.data.value), 60)),
    };
  });
  const port = await served(t, model(own.map(({ zone, sets }) => hostedZone(zone, sets))));
  const text = (name: string): string => name.replaceAll("\\052", "*");
  const files = own.map(({ zone, sets }) => [
    zone,
    [`@ 900 IN SOA ns.x. host.x. 1 60 60 60 900`, "@ 900 IN NS ns.x."]
      .concat(
        sets.map(({ name, ttl, type, values }) => `${text(name)} ${ttl} IN ${type} ${text(values[0] ?? "")}`),
      )
      .join("\n") + "\n",
  ]);
  const blocks = own.map(({ zone }) => `zone "${zone}" { type primary; file "${zone}"; };`);
  const judge = await named(
    t,
    "recursion no; minimal-responses yes; check-names primary ignore;",
    blocks.join("\n"),
    Object.fromEntries(files),
  );
  const asked = own.flatMap(({ zone, sets }) =>
    [
      ...sets.map(({ name }) => name),
      ...fc.sample(owner, { seed: 7, numRuns: 8 }).map((name) => `${name}.${zone}`),
    ].flatMap((name) => ["A", "TXT"].map((type) => [text(name), type] as const)),
  );
  const mine = await answers(port, asked);
  const theirs = await answers(judge, asked);
  t.true(asked.length > 500);
  let compared = 0;
  asked.forEach(([name, type], i) => {
    // Where CNAMEs run in a circle BIND answers with the circle, and a resolver fails.
    if (mine[i]?.startsWith("SERVFAIL")) return;
    compared += 1;
    t.is(mine[i], theirs[i], `${name} ${type}`);
  });
  t.true(compared > asked.length * 0.8, `${compared} of ${asked.length} were compared`);
});

/** Rcode and sorted records of each question, by one dig for all. */
async function answers(port: number, asked: readonly (readonly [string, string])[]): Promise<string[]> {
  const { stdout } = await dig(port, "+noall", "+comments", "+answer", "+norec", ...asked.flat());
  return stdout
    .split("->>HEADER<<-")
    .slice(1)
    .map((one) => {
      const [, rcode = ""] = /status: (\w+)/.exec(one) ?? [];
      const records = one.split("\n").filter((line) => /\sIN\s/.test(line) && !line.startsWith(";"));
      return [rcode, ...records.map((line) => line.replace(/\s+/g, " ")).sort()].join("\n");
    });
}
