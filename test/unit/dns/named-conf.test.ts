import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import fc from "fast-check";
import { type NamedConfArgs, planNamedConf } from "../../../components/dns/named-conf.plan";
import { run, testWith } from "../nodes/tools";
import { DEFAULTS, namedConf } from "./samples";

const octet = fc.nat(255);

/** Blocks of private addresses, /8 to /32. */
const block = fc.tuple(octet, octet, octet, fc.integer({ min: 8, max: 32 })).map(([b, c, d, prefix]) => {
  const value = 0x0a000000 + b * 65536 + c * 256 + d;
  const network = Math.floor(value / 2 ** (32 - prefix)) * 2 ** (32 - prefix);
  return `${[24, 16, 8, 0].map((bits) => Math.floor(network / 2 ** bits) % 256).join(".")}/${prefix}`;
});

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?$/);

const settings = fc.record({
  clients: fc.array(
    fc.oneof(
      block,
      fc.ipV4().filter((a) => !/\b0\d/.test(a)),
      fc.constant("2001:db8::/48"),
    ),
    {
      minLength: 1,
      maxLength: 6,
    },
  ),
  resolver: fc.tuple(octet, octet, octet).map((rest) => `10.${rest.join(".")}`),
  privateZone: fc.tuple(label, label, fc.constantFrom("corp", "internal", "example")).map((l) => l.join(".")),
  region: fc.constantFrom("us-east-1", "eu-central-1", "cn-northwest-1", "us-gov-west-1", "ap-southeast-2"),
  vpcCidr: block.filter((text) => Number(text.split("/")[1]) >= 16),
});

/** Runs named-checkconf on texts, in folders that exist here; each text must say `directory "/var/named"`. */
async function check(texts: string[]): Promise<{ code: number; output: string }> {
  const dir = mkdtempSync(join(tmpdir(), "named-conf-"));
  try {
    const paths = texts.map((text, i) => {
      const path = join(dir, `named-${i}.conf`);
      writeFileSync(path, text.replace('directory "/var/named"', `directory "${dir}"`));
      return path;
    });
    const script = 'for path do named-checkconf "$path" || { cat "$path"; exit 1; }; done';
    const { code, stdout, stderr } = await run("sh", ["-c", script, "sh", ...paths]);
    return { code, output: stdout + stderr };
  } finally {
    rmSync(dir, { recursive: true });
  }
}

testWith("named-checkconf")(
  "named-checkconf accepts the default lab's file, without a warning",
  async (t) => {
    t.deepEqual(await check([namedConf()]), { code: 0, output: "" });
  },
);

testWith("named-checkconf")("named-checkconf accepts 200 generated settings", async (t) => {
  const texts = fc.sample(settings, 200).map((args) => namedConf(args));
  t.is(new Set(texts).size, 200);
  t.deepEqual(await check(texts), { code: 0, output: "" });
});

testWith("named-checkconf")("the judge is awake: it refuses what is broken", async (t) => {
  t.not((await check([namedConf().replace("forward only;", "forward sometimes;")])).code, 0);
});

test("the zones are the private one, the region's and the VPC's reverse ones, all to the VPC's resolver", (t) => {
  const zones = (args: Partial<NamedConfArgs>) =>
    [...namedConf(args).matchAll(/^zone "(.*)" IN/gm)].map((m) => m[1]);
  t.deepEqual(zones({}), ["awslab.mycompany.corp", "ec2.internal", "0.10.in-addr.arpa"]);
  t.deepEqual(zones({ region: "eu-central-1", vpcCidr: "172.31.0.0/23" }), [
    "awslab.mycompany.corp",
    "eu-central-1.compute.internal",
    "0.31.172.in-addr.arpa",
    "1.31.172.in-addr.arpa",
  ]);
  t.is(zones({ vpcCidr: "10.20.16.0/20" }).length, 2 + 16);
  t.deepEqual(zones({ vpcCidr: "10.20.30.128/25" }).slice(2), ["30.20.10.in-addr.arpa"]);
  const conf = namedConf({ resolver: "10.0.0.2" });
  t.deepEqual([...new Set(conf.match(/forwarders \{.*\}/g))], ["forwarders { 10.0.0.2; }"]);
});

test("a final dot and capitals of the zone do not matter", (t) => {
  t.is(namedConf({ privateZone: "AWSlab.MyCompany.corp." }), namedConf());
});

test("every problem is told at once, with its key", (t) => {
  const result = planNamedConf({
    clients: [],
    resolver: "127.0.0.1",
    privateZone: "corp",
    region: "Virginia",
    vpcCidr: "10.0.0.1/16",
    directory: "var",
    logFile: "/var/log/../x",
  });
  t.false(result.ok);
  if (result.ok) return;
  t.deepEqual(
    result.problems.map((p) => p.key),
    ["resolver", "privateZone", "vpcCidr", "directory", "logFile", "clients", "region"].sort(
      (a, b) => result.problems.findIndex((p) => p.key === a) - result.problems.findIndex((p) => p.key === b),
    ),
  );
  t.true(result.problems.every((p) => p.reason && p.remedy));
});

const OPENING: [keyof NamedConfArgs, unknown][] = [
  ...[
    "any",
    "none",
    "localnets",
    "0.0.0.0/0",
    "0.0.0.0/1",
    "128.0.0.0/1",
    "::/0",
    "2000::/3",
    "!10.0.0.0/8",
    "",
  ].map((client): [keyof NamedConfArgs, unknown] => ["clients", [client]]),
  ["clients", ["10.0.0.0/8; any"]],
  ["clients", ["10.0.0.0/8", "any"]],
  ["clients", ["key lab"]],
  ["clients", ["10.0.0.1/8"]],
  ["resolver", "0.0.0.0"],
  ["resolver", "224.0.0.251"],
  ["resolver", "::1"],
  ["resolver", "10.0.0.2 port 5353"],
  ["resolver", "dns.example.com"],
  ["privateZone", "."],
  ["privateZone", ""],
  ["privateZone", "10.0.0.1"],
  ["privateZone", "-a.corp"],
  ["privateZone", "a..corp"],
  ["privateZone", `${"a".repeat(64)}.corp`],
  ["privateZone", "ec2.internal"],
  ["privateZone", "0.10.in-addr.arpa"],
  ["vpcCidr", "0.0.0.0/0"],
  ["vpcCidr", "2001:db8::/56"],
];

for (const [key, value] of OPENING) {
  test(`${key} = ${JSON.stringify(value).slice(0, 40)} is refused`, (t) => {
    const result = planNamedConf({ ...DEFAULTS, [key]: value });
    t.false(result.ok);
    if (!result.ok) t.true(result.problems.every((p) => p.key?.startsWith(key)));
  });
}

test("no string breaks out of the file: what is accepted is a name or path without a special character", (t) => {
  const hostile = fc.oneof(
    fc.string({ unit: "binary" }),
    fc
      .constantFrom('"', "\\", "\n", "};", "//", "/*", "#", "{")
      .chain((end) => fc.string().map((s) => `/a${s}${end}b.c`)),
  );
  const key = fc.constantFrom("privateZone", "directory", "logFile", "region", "resolver", "vpcCidr");
  fc.assert(
    fc.property(key, hostile, (k, text) => {
      const result = planNamedConf({ ...DEFAULTS, [k]: text });
      return !result.ok || /^[A-Za-z0-9./:_-]+$/.test(text);
    }),
    { numRuns: 2000 },
  );
  t.pass();
});
