import {
  DescribeInstancesCommand,
  type EC2Client,
  ModifyInstanceAttributeCommand,
  ReplaceRouteCommand,
} from "@aws-sdk/client-ec2";
import test from "ava";
import { CloudAdmin } from "../../cloud/api";
import { Lab, type Step } from "./_fixture";

const lab = Lab.start();
const ec2 = async (): Promise<EC2Client> => (await lab).ec2();
test.after.always(async () => (await lab).stop());

/** `update:sg` for each step, in the order of the names. */
const brief = (steps: readonly Step[]): string[] =>
  steps.map((step) => `${step.op}:${step.urn.split("::").pop() ?? ""}`).sort();
const diffs = (steps: readonly Step[], name: string): string[] =>
  Object.keys(steps.find((step) => step.urn.endsWith(`::${name}`))?.detailedDiff ?? {}).sort();

/** An exported secret is its JSON in `plaintext`. */
function open(inputs: Record<string, unknown>): Record<string, unknown> {
  const plain = (value: unknown): unknown => {
    const { plaintext } = (value ?? {}) as { plaintext?: string };
    return typeof plaintext === "string" ? JSON.parse(plaintext) : value;
  };
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, plain(value)]));
}

interface Knobs {
  readonly check?: string;
  readonly data?: string;
  readonly rules?: string;
  readonly routes?: string;
  readonly type?: string;
  readonly statement?: string;
  readonly rolePath?: string;
  readonly options?: string;
}

const network = (knobs: Knobs): string => `
  const { check = "false", data = '"one"', rules, routes, type = '"t3.micro"', statement = '"ec2:Describe*"', rolePath = '"/"', options = "{}" } = ${JSON.stringify(knobs)};
  const value = (text) => eval("(" + text + ")");
  const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.0.0.0/16" });
  const subnet = new aws.ec2.Subnet("subnet", { vpcId: vpc.id, cidrBlock: "10.0.0.0/24", availabilityZone: "us-east-1a" });
  const igw = new aws.ec2.InternetGateway("igw", { vpcId: vpc.id });
  const table = new aws.ec2.RouteTable("table", { vpcId: vpc.id, ...(routes ? { routes: eval("(igw) => " + routes)(igw) } : {}) });
  const sg = new aws.ec2.SecurityGroup("sg", { vpcId: vpc.id, ingress: value(rules ?? '[{ protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["10.0.0.0/8", "192.168.0.0/16"] }]') });
  const assumeRolePolicy = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } }] });
  const role = new aws.iam.Role("role", { name: "fixed", path: value(rolePath), assumeRolePolicy });
  new aws.iam.RolePolicy("policy", { role: role.name, policy: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: value(statement), Resource: "*" }] }) });
  const profile = new aws.iam.InstanceProfile("profile", { role: role.name });
  const ami = aws.ec2.getAmiOutput({ owners: ["amazon"], mostRecent: true, filters: [{ name: "name", values: ["al2023-ami-*x86_64"] }] });
  const node = new aws.ec2.Instance("node", { ami: ami.id, instanceType: value(type), subnetId: subnet.id, vpcSecurityGroupIds: [sg.id],
    sourceDestCheck: value(check), iamInstanceProfile: profile.name, ...(data ? { userData: value(data) } : {}) }, value(options));
  const overlay = new aws.ec2.Route("overlay", { routeTableId: table.id, destinationCidrBlock: "192.168.10.1/32", networkInterfaceId: node.primaryNetworkInterfaceId });
  const eni = new aws.ec2.NetworkInterface("eni", { subnetId: subnet.id, privateIps: ["10.0.0.50"], securityGroups: [sg.id], description: "floating" });
  module.exports = { node: node.id, table: table.id, eni: eni.id, role: role.name };
`;

test.serial(
  "a network with nodes is changed in place where AWS can, replaced where it can't, and drift comes to light",
  async (t) => {
    const project = await (await lab).project("network", network({}));
    const created = await project.up();
    t.is(created.code, 0, created.text);
    t.deepEqual(await project.steps(), []);
    const outputs = await project.outputs();
    const id = String(outputs["node"]);

    // In place: rules in another order and grouping are the same, a policy's one-element list too.
    project.write(
      network({
        rules: '[{ protocol: "6", fromPort: 22, toPort: 22, cidrBlocks: ["192.168.0.0/16", "10.0.0.0/8"] }]',
        statement: '["ec2:Describe*"]',
      }),
    );
    t.deepEqual(await project.steps(), []);
    const changed: Knobs = {
      check: "true",
      type: '"t3.small"',
      statement: '["ec2:Describe*", "ec2:ReplaceRoute"]',
      rules:
        '[{ protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["10.0.0.0/8"] }, { protocol: "icmp", fromPort: -1, toPort: -1, self: true }]',
    };
    project.write(network(changed));
    const steps = await project.steps();
    t.deepEqual(brief(steps), ["update:node", "update:policy", "update:sg"]);
    t.deepEqual(diffs(steps, "node"), ["instanceType", "sourceDestCheck"]);
    const updated = await project.up();
    t.is(updated.code, 0, updated.text);
    t.is(String((await project.outputs())["node"]), id, "the instance was replaced");
    const found = await (await ec2()).send(new DescribeInstancesCommand({ InstanceIds: [id] }));
    const instance = found.Reservations?.[0]?.Instances?.[0];
    t.deepEqual(
      [instance?.State?.Name, instance?.InstanceType, instance?.SourceDestCheck],
      ["running", "t3.small", true],
    );
    t.deepEqual(await project.steps(), []);

    // Drift: a foreign hand moves the route and switches the check.
    const client = await ec2();
    await client.send(
      new ModifyInstanceAttributeCommand({ InstanceId: id, SourceDestCheck: { Value: false } }),
    );
    await client.send(
      new ReplaceRouteCommand({
        RouteTableId: String(outputs["table"]),
        DestinationCidrBlock: "192.168.10.1/32",
        NetworkInterfaceId: String(outputs["eni"]),
      }),
    );
    const refreshed = await project.refresh("--diff");
    t.is(refreshed.code, 0, refreshed.text);
    t.regex(refreshed.text, /2 updated/);
    t.false(
      /routeTable:RouteTable: \(update\)/.test(refreshed.text),
      "the table claims a route that isn't its own",
    );
    t.deepEqual(brief(await project.steps()), ["update:node", "update:overlay"]);
    t.deepEqual(brief(await project.steps("--target", (await project.resource("overlay")).urn)), [
      "update:overlay",
    ]);
    const back = await project.up();
    t.is(back.code, 0, back.text);

    // ignoreChanges holds, and userData replaces if the program says so.
    project.write(network({ ...changed, data: '"three"', options: '{ ignoreChanges: ["userData"] }' }));
    t.deepEqual(await project.steps(), []);
    project.write(
      network({ ...changed, data: '"three"' }).replace(
        "sourceDestCheck:",
        "userDataReplaceOnChange: true, sourceDestCheck:",
      ),
    );
    const replacing = await project.steps();
    t.true(brief(replacing).includes("replace:node"), JSON.stringify(brief(replacing)));

    // A role that must keep its name is deleted before it is made anew; what is in it follows.
    project.write(network({ ...changed, rolePath: '"/lab/"' }));
    const moved = await project.up();
    t.is(moved.code, 0, moved.text);
    t.is((await project.resource("role")).outputs["arn"], "arn:aws:iam::123456789012:role/lab/fixed");
    t.deepEqual(await project.steps(), []);

    // Inline routes are all of the table's routes: the other one is told as what goes.
    project.write(
      network({ ...changed, rolePath: '"/lab/"', routes: '[{ cidrBlock: "0.0.0.0/0", gatewayId: igw.id }]' }),
    );
    t.deepEqual(brief(await project.steps()), ["update:table"]);

    const destroyed = await project.destroy();
    t.is(destroyed.code, 0, destroyed.text);
  },
);

test.serial(
  "what is there can be imported by its id, with no difference to the program that made it",
  async (t) => {
    const base = await lab;
    const made = await base.project(
      "made",
      network({}) +
        `
    const zone = new aws.route53.Zone("zone", { name: "lab.corp", vpcs: [{ vpcId: vpc.id }] });
    new aws.route53.Record("record", { zoneId: zone.zoneId, name: "a.lab.corp", type: "A", ttl: 10, records: ["10.0.0.1"] });
    const assoc = new aws.ec2.RouteTableAssociation("assoc", { subnetId: subnet.id, routeTableId: table.id });
    new aws.vpc.SecurityGroupIngressRule("rule", { securityGroupId: new aws.ec2.SecurityGroup("sg2", { vpcId: vpc.id }).id, ipProtocol: "udp", fromPort: 53, toPort: 53, cidrIpv4: "10.0.0.0/8" });
    new aws.ssm.Parameter("parameter", { name: "/lab/x", type: "String", value: "v" });
  `,
    );
    const created = await made.up();
    t.is(created.code, 0, created.text);
    const resources = (await made.resources()).filter((resource) => resource.type.startsWith("aws:"));
    const special: Record<string, (outputs: Record<string, unknown>) => string> = {
      overlay: (outputs) => `${String(outputs["routeTableId"])}_${String(outputs["destinationCidrBlock"])}`,
      assoc: (outputs) => `${String(outputs["subnetId"])}/${String(outputs["routeTableId"])}`,
    };
    const imports = resources.map((resource) => {
      const name = resource.urn.split("::").pop() ?? "";
      const id = special[name]?.(resource.outputs) ?? resource.id;
      const [, module = "", type = ""] = resource.type.split(":");
      const scope = module.split("/")[0] ?? "";
      return `new aws.${scope}.${type}(${JSON.stringify(name)}, ${JSON.stringify(open(resource.inputs))}, { import: ${JSON.stringify(id)} });`;
    });
    const project = await base.project("imported", imports.join("\n"));
    const imported = await project.up();
    t.is(imported.code, 0, imported.text);
    t.regex(imported.text, new RegExp(`${String(resources.length)} imported`));
    t.deepEqual(await project.steps(), []);
    const before = new Map(resources.map((resource) => [resource.urn.split("::").pop(), resource.outputs]));
    for (const resource of (await project.resources()).filter((one) => one.type.startsWith("aws:"))) {
      const name = resource.urn.split("::").pop();
      t.deepEqual(
        Object.keys(resource.outputs).sort(),
        Object.keys(before.get(name) ?? {}).sort(),
        `outputs of ${String(name)}`,
      );
    }
    const missing = await base.project(
      "missing",
      `new aws.ec2.Vpc("none", { cidrBlock: "10.0.0.0/16" }, { import: "vpc-0123456789abcdef0" });`,
    );
    const refused = await missing.up();
    t.not(refused.code, 0);
    t.regex(refused.text, /does not exist/);
    t.is((await made.destroy()).code, 0);
    const gone = await project.refresh();
    t.is(gone.code, 0, gone.text);
    t.regex(gone.text, new RegExp(`${String(resources.length)} deleted`));
  },
);

test.serial("what was half made is kept with the reason and completed by the next update", async (t) => {
  const base = await lab;
  const admin = new CloudAdmin(base.cloud.url);
  const project = await base.project(
    "half",
    `
    const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true }); exports.id = vpc.id;
  `,
  );
  await admin.setFault({
    kind: "error",
    action: "ModifyVpcAttribute",
    count: "unlimited",
    code: "UnauthorizedOperation",
    status: 403,
    message: "not you",
  });
  const failed = await project.up();
  t.not(failed.code, 0);
  t.regex(
    failed.text,
    /creating aws:ec2\/vpc:Vpc vpc: UnauthorizedOperation: not you.*policy that allows it/,
  );
  const half = await project.resource("vpc");
  t.is(half.outputs["enableDnsHostnames"], false);
  await admin.clearFaults();
  const completed = await project.up();
  t.is(completed.code, 0, completed.text);
  t.regex(completed.text, /1 updated/);
  const whole = await project.resource("vpc");
  t.is(whole.id, half.id);
  t.is(whole.outputs["enableDnsHostnames"], true);

  // Throttling and a lost answer are nothing a person has to know.
  await admin.setFault({
    kind: "error",
    action: "DescribeVpcs",
    count: 2,
    code: "RequestLimitExceeded",
    status: 503,
  });
  t.is((await project.refresh()).code, 0);
  await admin.clearFaults();

  // Deleted by someone else: the deletion is done.
  const destroyed = await project.destroy();
  t.is(destroyed.code, 0, destroyed.text);
});

test.serial("what isn't handled is refused at preview, by type and property, with what to do", async (t) => {
  const base = await lab;
  const cases: [string, RegExp][] = [
    [
      `new aws.s3.Bucket("b");`,
      /doesn't know the type aws:s3\/bucket:Bucket\. Declare it in test\/cloud\/plugins\/aws/,
    ],
    [
      `new aws.ec2.Vpc("v", { cidrBlock: "10.0.0.0/16", ipv6CidrBlock: "::/56" });`,
      /aws:ec2\/vpc:Vpc: .*doesn't handle the property 'ipv6CidrBlock'/,
    ],
    [
      `new aws.ec2.SecurityGroup("s", { ingress: [{ protocol: "tcp", fromPort: 1, toPort: "x", nonsense: true }] });`,
      /ingress\[0\]\.nonsense/,
    ],
    [
      `new aws.ec2.SecurityGroup("s", { ingress: [{ protocol: "tcp", fromPort: 1, toPort: "x" }] });`,
      /'ingress\[0\]\.toPort' must be a number/,
    ],
    [
      `new aws.ec2.Route("r", { routeTableId: "rtb-1", destinationCidrBlock: "10.0.0.0/8" });`,
      /exactly one of gatewayId.* must be set; none is set/,
    ],
    [`new aws.ec2.Instance("i", { ami: "ami-1" });`, /instanceType is required/],
    [`aws.ec2.getAmiOutput({ filters: [] });`, /owners is required/],
    [
      `aws.ec2.getInstanceOutput({ instanceId: "i-1" });`,
      /doesn't know the function aws:ec2\/getInstance:getInstance/,
    ],
    [
      `new aws.ec2.Vpc("v", { cidrBlock: "10.0.0.0/16" }, { provider: new aws.Provider("p", { region: "us-east-1", assumeRoles: [{ roleArn: "arn:aws:iam::1:role/x" }] }) });`,
      /doesn't handle the property 'assumeRoles'/,
    ],
  ];
  const project = await base.project("strict", "");
  for (const [body, message] of cases) {
    project.write(body);
    const result = await project.pulumi("preview");
    t.not(result.code, 0, body);
    t.regex(result.text, message);
  }
});
