/** Everything that AWS changes in place is changed in place, and leaves no difference. */
import { StopInstancesCommand } from "@aws-sdk/client-ec2";
import test from "ava";
import { Lab, type Step } from "./_fixture";

const lab = Lab.start();
test.after.always(async () => (await lab).stop());

const brief = (steps: readonly Step[]): string[] =>
  steps
    .map((step) => [step.op, step.urn.split("::").pop(), ...Object.keys(step.detailedDiff ?? {})].join(" "))
    .sort();

const changedOnes = (steps: readonly Step[]): string[] =>
  steps.map((step) => `${step.op} ${step.urn.split("::").pop() ?? ""}`).sort();

/** The same resources with other properties: each pair is before and after. */
const program = (after: boolean): string => {
  const value = (before: string, then: string): string => (after ? then : before);
  return `
  const tags = ${value('{ Name: "a", Old: "1" }', '{ Name: "b", New: "2" }')};
  const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.0.0.0/16" });
  const subnet = (name, cidrBlock, availabilityZone) => new aws.ec2.Subnet(name, { vpcId: vpc.id, cidrBlock, availabilityZone });
  const [one, two] = [subnet("one", "10.0.0.0/24", "us-east-1a"), subnet("two", "10.0.1.0/24", "us-east-1b")];
  const sg = new aws.ec2.SecurityGroup("sg", { vpcId: vpc.id });
  const assumeRolePolicy = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } }] });
  const boundary = new aws.iam.Policy("boundary", { policy: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "ec2:*", Resource: "*" }] }) });
  const role = new aws.iam.Role("role", { assumeRolePolicy, ${value("", "permissionsBoundary: boundary.arn,")} tags });
  const profiles = ["first", "second"].map((name) => new aws.iam.InstanceProfile(name, { role: role.name }));
  const ami = aws.ec2.getAmiOutput({ owners: ["amazon"], mostRecent: true, filters: [{ name: "name", values: ["al2023-ami-*x86_64"] }] });
  const node = new aws.ec2.Instance("node", { ami: ami.id, instanceType: "t3.micro", subnetId: one.id, vpcSecurityGroupIds: [sg.id], tags,
    userData: ${value('"one"', '"zwölf"')}, monitoring: ${value("false", "true")}, iamInstanceProfile: profiles[${value("0", "1")}].name,
    creditSpecification: { cpuCredits: ${value('"standard"', '"unlimited"')} }, instanceInitiatedShutdownBehavior: ${value('"stop"', '"terminate"')},
    secondaryPrivateIps: [${value('"10.0.0.20"', '"10.0.0.21"')}],
    rootBlockDevice: { volumeType: "gp3", volumeSize: ${value("8", "12")}, deleteOnTermination: ${value("true", "false")}, tags } });
  const eni = new aws.ec2.NetworkInterface("eni", { subnetId: one.id, privateIps: ["10.0.0.50", ${value('"10.0.0.51"', '"10.0.0.52"')}], securityGroups: [sg.id], tags });
  new aws.ssm.Parameter("parameter", { name: "/lab/x", type: "String", value: ${value('"1"', '"2"')}, tags });
  const tgw = new aws.ec2transitgateway.TransitGateway("tgw", { description: ${value('"one"', '"two"')}, vpnEcmpSupport: ${value('"enable"', '"disable"')}, tags });
  const attachment = new aws.ec2transitgateway.VpcAttachment("attachment", { transitGatewayId: tgw.id, vpcId: vpc.id,
    subnetIds: [${value("one.id", "two.id")}], applianceModeSupport: ${value('"disable"', '"enable"')}, tags });
  new aws.ec2transitgateway.Route("static", { destinationCidrBlock: "192.168.10.1/32", transitGatewayAttachmentId: attachment.id, transitGatewayRouteTableId: tgw.associationDefaultRouteTableId });
  new aws.route53.ResolverEndpoint("endpoint", { direction: "INBOUND", securityGroupIds: [sg.id], tags,
    ipAddresses: [{ subnetId: one.id, ip: ${value('"10.0.0.100"', '"10.0.0.101"')} }, { subnetId: two.id, ip: ${value('"10.0.1.100"', '"10.0.1.101"')} }] });
  const dedicated = new aws.ec2.Vpc("dedicated", { cidrBlock: "10.1.0.0/16", instanceTenancy: ${value('"dedicated"', '"default"')} });
  module.exports = { node: node.id };
`;
};

test("what AWS changes in place is changed in place, and back, and nothing is left to change", async (t) => {
  const base = await lab;
  const project = await base.project("updates", program(false));
  const created = await project.up();
  t.is(created.code, 0, created.text);
  t.deepEqual(brief(await project.steps()), []);
  const names = "attachment dedicated endpoint eni node parameter role tgw".split(" ");

  project.write(program(true));
  t.deepEqual(
    changedOnes(await project.steps()),
    names.map((name) => `update ${name}`),
  );
  const changed = await project.up();
  t.is(changed.code, 0, changed.text);
  t.deepEqual(brief(await project.steps()), []);
  const refreshed = await project.refresh();
  t.is(refreshed.code, 0, refreshed.text);
  t.deepEqual(brief(await project.steps()), []);
  const node = (await project.resource("node")).outputs;
  t.like(node, {
    userData: "zwölf",
    monitoring: true,
    instanceState: "running",
    instanceInitiatedShutdownBehavior: "terminate",
    secondaryPrivateIps: ["10.0.0.21"],
    creditSpecification: { cpuCredits: "unlimited" },
  });
  t.like(node["rootBlockDevice"], {
    volumeSize: 12,
    deleteOnTermination: false,
    iops: 3000,
    throughput: 125,
  });
  const attachment = await project.resource("attachment");
  t.deepEqual(attachment.outputs["tags"], { Name: "b", New: "2" });
  const route = await project.resource("static");
  t.is(route.outputs["transitGatewayAttachmentId"], attachment.id);

  // What was stopped stays so; a volume does not shrink, and a VPC goes back to dedicated only as a new one.
  await base
    .ec2()
    .send(new StopInstancesCommand({ InstanceIds: [String((await project.outputs())["node"])] }));
  project.write(program(false).replace("volumeSize: 8", "volumeSize: 12"));
  const back = await project.up();
  t.is(back.code, 0, back.text);
  t.deepEqual(brief(await project.steps()), []);
  t.is((await project.resource("node")).outputs["userData"], "one");
  t.is((await project.resource("role")).outputs["permissionsBoundary"], "");
  const destroyed = await project.destroy();
  t.is(destroyed.code, 0, destroyed.text);
});
