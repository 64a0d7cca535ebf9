/** The resolver's wire format: what is answered, refused, not implemented, or passed over in silence. */
import test from "ava";
import * as packet from "dns-packet";
import fc from "fast-check";
import { respond } from "../../cloud/dns/message";
import { PacketLimit } from "../../cloud/dns/packet-limit";
import type { Question, Resolution } from "../../cloud/dns/resolve";
import { record, soa } from "./_model";

const NAME = "myservice.awslab.mycompany.corp.";
const YES: Resolution = { rcode: "NOERROR", answers: [record(NAME, "A", "10.0.0.10", 10)] };

interface Asked {
  flags?: number;
  name?: string;
  type?: string;
  class?: string;
  additionals?: object[];
}

function query({ flags = packet.RECURSION_DESIRED, name = NAME, ...asked }: Asked = {}): Buffer {
  const question = { name, type: asked.type ?? "A", class: asked.class ?? "IN" };
  const message = {
    type: "query",
    id: 4711,
    flags,
    questions: [question],
    additionals: asked.additionals ?? [],
  };
  return packet.encode(message as unknown as packet.Packet);
}

const opt = (changes: object = {}): object => ({
  ...{
    type: "OPT",
    name: ".",
    udpPayloadSize: 1232,
    extendedRcode: 0,
    ednsVersion: 0,
    flags: 0,
    options: [],
  },
  ...changes,
});

function answerTo(asked: Buffer, resolution: Resolution | undefined = YES, transport: "udp" | "tcp" = "udp") {
  const reply = respond(asked, transport, () => resolution);
  if (reply === undefined) return undefined;
  return { reply, ...(packet.decode(reply) as packet.DecodedPacket & { rcode: string }) };
}

test("an answer has the query's id and question, and says that recursion is there and that it is no authority", (t) => {
  const asked = query({ name: "MyService.awslab.mycompany.CORP" });
  const answer = answerTo(asked);
  t.deepEqual([answer?.id, answer?.rcode, answer?.questions?.length], [4711, "NOERROR", 1]);
  t.deepEqual(
    [answer?.flag_qr, answer?.flag_rd, answer?.flag_ra, answer?.flag_aa],
    [true, true, true, false],
  );
  t.deepEqual(answer?.reply.subarray(12, asked.length), asked.subarray(12), "byte by byte");
  t.like(answer?.answers?.[0], { type: "A", ttl: 10, data: "10.0.0.10" });
});

test("each type's value arrives as it was set", (t) => {
  const cases: [string, string, unknown][] = [
    ["A", "10.0.0.10", "10.0.0.10"],
    ["AAAA", "2001:db8::1", "2001:db8::1"],
    ["CNAME", "a.example.com.", "a.example.com"],
    ["NS", "ns.example.com", "ns.example.com"],
    ["PTR", "host.example.com.", "host.example.com"],
    ["MX", "10 mail.example.com.", { preference: 10, exchange: "mail.example.com" }],
    ["SRV", "1 2 389 ldap.example.com.", { priority: 1, weight: 2, port: 389, target: "ldap.example.com" }],
    [
      "CAA",
      '0 issue "ca.example.com"',
      { flags: 0, tag: "issue", value: "ca.example.com", issuerCritical: false },
    ],
    ["TXT", '"a \\"b\\"" "c\\\\\\101"', [Buffer.from('a "b"'), Buffer.from("c\\A")]],
    ["SPF", '"v=spf1 -all"', Buffer.concat([Buffer.of(11), Buffer.from("v=spf1 -all")])],
  ];
  for (const [type, value, data] of cases) {
    const answer = answerTo(query({ type }), { rcode: "NOERROR", answers: [record(NAME, type, value)] });
    t.deepEqual((answer?.answers?.[0] as { data?: unknown }).data, data, type);
  }
});

test("a value that its type does not have is a failure of the server, with the reason, and not a silence", (t) => {
  for (const [type, value] of [
    ["MX", "mail"],
    ["SRV", "1 2 x host"],
    ["CAA", "ca.example.com"],
    ["LOC", "somewhere"],
  ] as const) {
    const answer = answerTo(query({ additionals: [opt()] }), {
      rcode: "NOERROR",
      answers: [record(NAME, type, value)],
    });
    t.is(answer?.rcode, "SERVFAIL", type);
    t.true(answer?.reply.includes("record"), type);
  }
});

test("a wildcard's name goes over the wire as an asterisk", (t) => {
  const name = "\\052.awslab.mycompany.corp.";
  const answer = answerTo(query({ name: "*.awslab.mycompany.corp" }), {
    rcode: "NOERROR",
    answers: [record(name, "A", "10.0.0.10")],
  });
  t.is(answer?.answers?.[0]?.name, "*.awslab.mycompany.corp");
});

test("no such name: NXDOMAIN with the SOA as authority", (t) => {
  const answer = answerTo(query(), { rcode: "NXDOMAIN", answers: [], soa: soa("awslab.mycompany.corp.") });
  t.is(answer?.rcode, "NXDOMAIN");
  t.like(answer?.authorities?.[0], { type: "SOA", name: "awslab.mycompany.corp", ttl: 900 });
});

test("what does not fit into UDP is cut off whole, and comes over TCP; EDNS says what fits", (t) => {
  const many = Array.from({ length: 60 }, (_, i) => `10.0.0.${i}`);
  const long: Resolution = { rcode: "NOERROR", answers: [record(NAME, "A", many)] };
  const plain = answerTo(query(), long);
  t.deepEqual([plain?.flag_tc, plain?.answers?.length, (plain?.reply.length ?? 0) <= 512], [true, 0, true]);
  t.is(answerTo(query({ additionals: [opt({ udpPayloadSize: 100 })] }), long)?.flag_tc, true);
  const large = answerTo(query({ additionals: [opt({ udpPayloadSize: 4096 })] }), long);
  t.deepEqual([large?.flag_tc, large?.answers?.length], [false, 60]);
  const tcp = answerTo(query(), long, "tcp");
  t.deepEqual([tcp?.flag_tc, tcp?.answers?.length], [false, 60]);
});

test("EDNS is answered with EDNS, and only then; another version of it is BADVERS", (t) => {
  t.is(answerTo(query())?.additionals?.length, 0);
  t.is(answerTo(query({ additionals: [opt()] }))?.additionals?.[0]?.type, "OPT");
  const answer = answerTo(query({ additionals: [opt({ ednsVersion: 1 })] }));
  const [first] = answer?.additionals ?? [];
  t.deepEqual([answer?.rcode, (first as packet.OptAnswer).extendedRcode], ["NOERROR", 1]);
  t.is(answerTo(query({ additionals: [opt(), opt()] }))?.rcode, "FORMERR");
});

test("a name of the internet: SERVFAIL, and with EDNS the reason", (t) => {
  const failed: Resolution = { rcode: "SERVFAIL", answers: [], reason: "never asked" };
  const answer = answerTo(query({ additionals: [opt()] }), failed);
  t.is(answer?.rcode, "SERVFAIL");
  t.true(answer?.reply.includes("never asked"));
});

test("what is no question for this server: refused, not implemented, malformed", (t) => {
  t.is(answerTo(query({ type: "AXFR" }))?.rcode, "REFUSED");
  t.is(answerTo(query({ class: "CH" }))?.rcode, "REFUSED");
  t.is(answerTo(query({ type: "TSIG" }))?.rcode, "NOTIMP");
  for (const opcode of [1, 2, 4, 5]) {
    const answer = answerTo(query({ flags: opcode << 11 }));
    t.deepEqual([answer?.rcode, (answer?.reply.readUInt16BE(2) ?? 0) >> 11], ["NOTIMP", 16 + opcode]);
  }
  t.is(answerTo(query().subarray(0, 20))?.rcode, "FORMERR");
  const two = query();
  two.writeUInt16BE(2, 4);
  t.is(answerTo(two)?.rcode, "FORMERR");
  const none = query();
  none.writeUInt16BE(0, 4);
  t.is(answerTo(none)?.rcode, "FORMERR");
});

test("silence: for an answer, for less than a header, and where nobody answers", (t) => {
  const answered = query();
  answered.writeUInt8(0x81, 2);
  t.is(
    respond(answered, "udp", () => YES),
    undefined,
  );
  t.is(
    respond(query().subarray(0, 11), "udp", () => YES),
    undefined,
  );
  t.is(
    respond(query(), "udp", () => undefined),
    undefined,
  );
});

test("whatever bytes come, it answers or is silent, with the id that came, and never as a query", (t) => {
  const flipped = fc
    .tuple(
      fc.constantFrom(query(), query({ additionals: [opt()] })),
      fc.array(fc.tuple(fc.nat(70), fc.nat(255))),
    )
    .map(([base, changes]) => {
      const bytes = Buffer.from(base);
      for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
      return bytes;
    });
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 80 }).map((one) => Buffer.from(one)),
    flipped,
  );
  fc.assert(
    fc.property(bytes, (one) => {
      const reply = respond(one, "udp", (question: Question) => (question.name === "" ? undefined : YES));
      return reply === undefined || (reply.readUInt16BE(0) === one.readUInt16BE(0) && (reply[2] ?? 0) >= 128);
    }),
    { numRuns: 2000 },
  );
  t.pass();
});

test("an interface gets so many answers a second, another one its own", (t) => {
  const limit = new PacketLimit();
  const allowed = (id: string, now: number): boolean => limit.allows(id, now, 3);
  t.deepEqual(
    [1, 2, 3, 4, 5].map(() => allowed("eni-1", 5_100)),
    [true, true, true, false, false],
  );
  t.true(allowed("eni-2", 5_999));
  t.true(allowed("eni-1", 6_000));
});
