import test from "ava";
import * as fs from "node:fs";
import { parse } from "yaml";
import { readSettings, settingKeys, SettingsError } from "../../../stacks/settings";

const zones = ["us-east-1a", "us-east-1b", "us-east-1c"];

interface ProjectFile {
  readonly config: Record<string, { readonly description?: string; readonly default?: unknown }>;
}
const project = parse(fs.readFileSync("Pulumi.yaml", "utf8")) as ProjectFile;

/** What Pulumi hands to a program for a stack without settings of its own: the defaults, as text or JSON. */
function defaults(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(project.config).map(([key, { default: value }]) => [
      key,
      typeof value === "object" ? JSON.stringify(value) : String(value),
    ]),
  );
}

const read = (changes: Record<string, string> = {}) =>
  readSettings({ ...defaults(), ...changes }, "us-east-1", zones);

function problemsOf(changes: Record<string, string>): SettingsError {
  try {
    read(changes);
  } catch (error) {
    if (error instanceof SettingsError) return error;
    throw error;
  }
  throw new Error("the settings were accepted");
}

test("the defaults of Pulumi.yaml build the whole reference environment", (t) => {
  const settings = read();
  t.deepEqual(settings.zones, ["us-east-1a", "us-east-1b"]);
  t.is(settings.overlay, "192.168.10.1/32");
  t.is(settings.privateZone, "awslab.mycompany.corp");
  t.deepEqual(settings.service, { name: "myservice.awslab.mycompany.corp", ttl: 10, port: 8080 });
  t.deepEqual(settings.active, { overlay: undefined, eni: undefined, dns: undefined });
});

test("Pulumi.yaml describes every key that is read, and no other", (t) => {
  t.deepEqual(Object.keys(project.config), [...settingKeys]);
  for (const { description } of Object.values(project.config)) t.truthy(description);
});

/** One broken setting each: key, value, and a word of the remedy. */
const broken: readonly (readonly [key: string, value: string, says: RegExp])[] = [
  ["zones", '["us-east-1a"]', /two/],
  ["zones", '["us-west-2a","us-west-2b"]', /zones of us-east-1/],
  ["zones", '["us-east-1a","us-east-1"]', /like us-east-1a/],
  ["zones", '["us-east-1a","us-east-1a"]', /once/],
  ["zones", "us-east-1a", /--path/],
  ["vpcCidr", "10.0.0.0/8", /\/16/],
  ["vpcCidr", "10.0.0.0/28", /\/24/],
  ["vpcCidr", "10.0.0.1/16", /10\.0\.0\.0\/16/],
  ["vpcCidr", "ten", /10\.0\.0\.0\/16/],
  ["vpcCidr", "", /default/],
  ["egress", "internet", /none, nat/],
  ["intranetDomain", "my company", /labels/],
  ["intranetCidrs", "[]", /at least one/],
  ["intranetCidrs", '["10.0.128.0/20"]', /another vpcCidr/],
  ["intranetCidrs", '["0.0.0.0/0"]', /own ranges/],
  ["intranetCidrs", '["172.16.0.0"]', /172\.16\.0\.0\/32/],
  ["privateZone", "awslab.example.com", /awslab\.mycompany\.corp/],
  ["privateZone", "-x.mycompany.corp", /labels/],
  ["serviceName", "myservice.mycompany.corp", /myservice\.awslab/],
  ["serviceTtl", "0", /1 to 300/],
  ["serviceTtl", "ten", /1 to 300/],
  ["servicePort", "80", /1024/],
  ["servicePort", "70000", /65535/],
  ["overlayAddress", "10.0.3.4", /outside the VPC/],
  ["overlayAddress", "172.20.1.1", /outside the intranet/],
  ["overlayAddress", "192.168.10.0/24", /write one address, like 192\.168\.10\.1(?!\d)/],
  ["overlayAddress", "192.168.10.7/24", /write one address, like 192\.168\.10\.7(?!\d)/],
  ["overlayAddress", "192.168.10", /write one address/],
  ["overlayAddress", "fd00::1", /write one address/],
  ["overlayAddress", "one", /write one address/],
  ["overlayAddress", "fd00::1/128", /IPv4|one address/],
  ["overlayActive", "node3", /node1, node2/],
  ["eniActive", "node1", /node-a, node-b/],
  ["dnsActive", "node-a", /node1, node2/],
  ["nodeSystem", "windows", /sles-15/],
  ["nodeInstanceType", "micro", /t3\.micro/],
  ["nodeInstanceType", "", /default/],
  ["nodeRootVolumeGiB", "4", /8 to 1024/],
  ["eniForceDetach", "maybe", /true, false/],
  ["dnsForwarding", "dnsmasq", /forwarders, resolver-endpoint, both/],
  ["forwarderInstanceType", "t3", /t3\.micro/],
  ["forwarderSshUser", "Root User", /ec2-user/],
  ["forwarderHostKeys", '["ssh-ed25519 AAAA"]', /--path/],
  ["forwarderHostKeys", '{"forwarder1":"AAAA"}', /ssh-keyscan/],
  ["forwarderHostKeys", '{"forwarder1":"ssh-rsa"}', /both/],
  ["forwarderHostKeys", '{"node1":"AAAA"}', /forwarder1, forwarder2/],
  ["transitGateway", "yes", /none, new/],
  ["transitGatewayRouteTable", "rtb-0123456789abcdef0", /tgw-rtb-/],
  ["keyName", "\u0007", /key pair/],
  ["tags", '{"aws:x":"1"}', /another name/],
  ["tags", '{"Name":"x"}', /another name/],
  ["tags", '["x"]', /--path/],
  ["tags", `{"x":"${"v".repeat(257)}"}`, /shorten/],
  ["overlayActiv", "node1", /overlayActive/],
];

for (const [key, value, says] of broken) {
  test(`${key} = ${JSON.stringify(value).slice(0, 60)} is refused with its key and a remedy`, (t) => {
    const { problems, message } = problemsOf({ [key]: value });
    const own = problems.filter((problem) => problem.key?.split(".")[0] === key);
    t.true(own.length >= 1, `${key} is not named in: ${message}`);
    t.true(
      own.some(({ remedy, reason }) => says.test(remedy) || says.test(reason)),
      message,
    );
    t.true(own.every(({ remedy }) => remedy.length > 0));
  });
}

const rsa = `ssh-rsa ${"A".repeat(372)}`;

/** Settings that can be used each, and not together. */
const unfit: readonly (readonly [string, Record<string, string>, RegExp])[] = [
  ["egress", { nodeSystem: "sles-15" }, /package servers of sles-15 .*\bnat\b/s],
  [
    "nodeRootVolumeGiB",
    { nodeSystem: "sles-15", egress: "nat", nodeRootVolumeGiB: "9" },
    /10 GiB.*10 or more/s,
  ],
  [
    "forwarderHostKeys",
    { forwarderHostKeys: JSON.stringify({ forwarder1: rsa, forwarder2: rsa }) },
    /RSA.*ed25519/s,
  ],
];

for (const [key, settings, says] of unfit) {
  test(`${key} is refused beside what it does not fit: ${JSON.stringify(settings).slice(0, 60)}`, (t) => {
    const { problems } = problemsOf(settings);
    t.true(problems.length > 0);
    for (const { key: found, reason, remedy } of problems) {
      t.is(found?.split(".")[0], key);
      t.regex(`${reason}; ${remedy}`, says);
    }
  });
}

test("SLES is accepted with a way to its package servers, or without forwarders", (t) => {
  const besides: Record<string, string>[] = [{ egress: "nat" }, { dnsForwarding: "resolver-endpoint" }];
  for (const beside of besides) t.is(read({ nodeSystem: "sles-15", ...beside }).nodes.system, "sles-15");
});

test("twenty and more broken settings are reported all at once, each by its key", (t) => {
  const changes = new Map<string, string>();
  for (const [key, value] of broken) if (!changes.has(key)) changes.set(key, value);
  const { problems, message } = problemsOf({
    ...Object.fromEntries(changes),
    vpcCidr: "10.0.0.1/16",
    // What the VPC must not contain cannot be judged while its own block is wrong.
    overlayAddress: "192.168.10.0/24",
    intranetCidrs: '["172.16.0.0","10.1.2.3/8","x"]',
    tags: '{"aws:x":"1","Name":"y","Lab":"z"}',
  });
  t.true(problems.length >= 20, `${problems.length}: ${message}`);
  for (const key of changes.keys()) t.regex(message, new RegExp(`^${key}\\b`, "m"), key);
});
