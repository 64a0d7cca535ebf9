import test from "ava";
import { unscopedActionsFile } from "../../scripts/lib/policy-actions";
import * as fs from "node:fs";
import { types } from "../../policy/lib/types";
import { arnPartition } from "../../policy/rules/security/arn-partition";
import { iamNoWildcardAction } from "../../policy/rules/security/iam-no-wildcard-action";
import { iamNoWildcardResource } from "../../policy/rules/security/iam-no-wildcard-resource";
import { imdsHopLimit } from "../../policy/rules/security/imds-hop-limit";
import { imdsv2Required } from "../../policy/rules/security/imdsv2-required";
import { noPublicIp } from "../../policy/rules/security/no-public-ip";
import { noSecretsInUserData } from "../../policy/rules/security/no-secrets-in-user-data";
import { requiredTags } from "../../policy/rules/security/required-tags";
import { rootVolumeEncrypted } from "../../policy/rules/security/root-volume-encrypted";
import { zoneProtected } from "../../policy/rules/security/zone-protected";
import { accepted, type Given, given, later, of, refused } from "./_judge";
import { floating, node, overlay, subnetA, vpc } from "./_parts";

const template = (props: Given["props"]): Given => given(types.launchTemplate, "template", { ...props });
const metadata = (options: object): Given["props"] => ({ metadataOptions: options });

test("imdsv2-required: instances, and launch templates", async (t) => {
  await accepted(t, imdsv2Required, [
    node("n", metadata({ httpTokens: "required" })),
    template(metadata({ httpTokens: "required" })),
  ]);
  await accepted(t, imdsv2Required, [
    node("n", metadata({ httpEndpoint: "disabled" })),
    node("u", metadata({ httpTokens: later })),
  ]);
  await refused(
    t,
    imdsv2Required,
    [node("n", metadata({ httpTokens: "optional" }))],
    /Instance n has metadataOptions\.httpTokens "optional"/,
  );
  await refused(t, imdsv2Required, [node("n")], /does not say that metadata needs a token/);
  await refused(t, imdsv2Required, [template({})], /LaunchTemplate template/);
  await accepted(t, imdsv2Required, [node("n", { launchTemplate: { id: "lt-1" } })]);
});

test("imds-hop-limit: instances, launch templates, and its choice", async (t) => {
  const hops = (n: number) => node("n", metadata({ httpPutResponseHopLimit: n }));
  await accepted(t, imdsHopLimit, [hops(1), node("off", metadata({ httpEndpoint: "disabled" }))]);
  await refused(t, imdsHopLimit, [hops(2)], /Instance n has a hop limit of 2/);
  await accepted(t, imdsHopLimit, [hops(2)], { config: { maxHops: 2 } });
  await refused(t, imdsHopLimit, [node("n")], /leaves the hop limit to its image/);
  await refused(
    t,
    imdsHopLimit,
    [template(metadata({ httpPutResponseHopLimit: 3 }))],
    /LaunchTemplate template/,
  );
  await accepted(t, imdsHopLimit, [node("u", { metadataOptions: later })]);
});

test("root-volume-encrypted: instances, launch templates, and accounts that encrypt by default", async (t) => {
  const root = (encrypted: unknown) => node("n", { ami: "ami-1", rootBlockDevice: { encrypted } });
  await accepted(t, rootVolumeEncrypted, [
    root(true),
    root(later),
    node("lt", { launchTemplate: { id: "lt-1" } }),
  ]);
  await refused(t, rootVolumeEncrypted, [root(false)], /Instance n has a root volume that is not encrypted/);
  await refused(t, rootVolumeEncrypted, [node("n")], /Instance n/);
  const byDefault = { config: { encryptedByDefault: true } };
  await accepted(t, rootVolumeEncrypted, [node("n")], byDefault);
  await refused(t, rootVolumeEncrypted, [root(false)], /Instance n/, byDefault);
  await refused(
    t,
    rootVolumeEncrypted,
    [template({ blockDeviceMappings: [{ ebs: { encrypted: false } }] })],
    /LaunchTemplate/,
  );
});

test("no-public-ip: of nodes, by themselves, their subnet or an address that is a resource", async (t) => {
  const candidate = (props: Given["props"]) => {
    const member = node("n", props);
    return [vpc, member, overlay([member])];
  };
  await accepted(t, noPublicIp, [...candidate({ associatePublicIpAddress: false }), subnetA]);
  await refused(
    t,
    noPublicIp,
    candidate({ associatePublicIpAddress: true }),
    /Instance n gets a public address/,
  );
  const open = given(types.subnet, "open", { mapPublicIpOnLaunch: true });
  await refused(t, noPublicIp, [open, ...candidate({ subnetId: of(open) })], /from Subnet open/);
  await accepted(t, noPublicIp, [node("bastion", { associatePublicIpAddress: true })]);
  const [, member = node("n"), service = member] = candidate({});
  const eip = given(types.eip, "eip", { instance: of(member) });
  await refused(t, noPublicIp, [member, service, eip], /Eip eip gives Instance n a public address/);
  const loose = given(types.eip, "loose");
  const association = given(types.eipAssociation, "tie", { allocationId: of(loose), instanceId: of(member) });
  await refused(t, noPublicIp, [member, service, loose, association], /EipAssociation tie/);
  const eni = given(types.networkInterface, "floating");
  const toEni = given(types.eip, "eip", { networkInterface: of(eni) });
  await refused(t, noPublicIp, [eni, member, floating(eni, [member]), toEni], /NetworkInterface floating/);
});

const document = (statement: object): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
const policy = (statement: object): Given =>
  given("aws:iam/policy:Policy", "p", { policy: document(statement) });
const inline = (statement: object): Given =>
  given("aws:iam/role:Role", "r", { inlinePolicies: [{ name: "x", policy: document(statement) }] });
const own = (statement: object): Given =>
  given("aws:iam/rolePolicy:RolePolicy", "rp", { policy: document(statement) });
const arn = "arn:aws:ec2:us-east-1:123456789012:route-table/rtb-1";

test("iam-no-wildcard-action: inline, as a resource, and by attachment", async (t) => {
  const fine = { Action: ["ec2:ReplaceRoute", "ec2:Describe*"], Resource: arn };
  await accepted(t, iamNoWildcardAction, [
    policy(fine),
    inline(fine),
    own(fine),
    own({ Effect: "Deny", Action: "*" }),
  ]);
  await refused(
    t,
    iamNoWildcardAction,
    [own({ Action: "*", Resource: arn })],
    /RolePolicy rp allows \* in statement 1/,
  );
  await refused(
    t,
    iamNoWildcardAction,
    [policy({ Sid: "All", Action: ["ec2:*"], Resource: arn })],
    /ec2:\* in statement All/,
  );
  await refused(
    t,
    iamNoWildcardAction,
    [inline({ NotAction: "iam:*", Resource: arn })],
    /Role r allows everything but/,
  );
  const attach = (policyArn: string) =>
    given("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "a", { policyArn });
  await refused(
    t,
    iamNoWildcardAction,
    [attach("arn:aws:iam::aws:policy/AdministratorAccess")],
    /AdministratorAccess/,
  );
  await accepted(t, iamNoWildcardAction, [
    attach("arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"),
    attach(later),
  ]);
  await accepted(t, iamNoWildcardAction, [given("aws:iam/policy:Policy", "p", { policy: later })]);
});

test("iam-no-wildcard-resource: but for calls that cannot be scoped", async (t) => {
  await accepted(t, iamNoWildcardResource, [
    own({ Action: ["ec2:DescribeInstances", "ec2:Describe*"], Resource: "*" }),
  ]);
  await accepted(t, iamNoWildcardResource, [own({ Action: "ec2:ReplaceRoute", Resource: arn })]);
  await accepted(t, iamNoWildcardResource, [
    own({ Action: "route53:GetChange", Resource: "arn:aws:route53:::change/*" }),
  ]);
  await refused(
    t,
    iamNoWildcardResource,
    [own({ Action: ["ec2:ReplaceRoute", "ec2:DescribeVpcs"], Resource: "*" })],
    /RolePolicy rp allows ec2:ReplaceRoute on all resources/,
  );
  await refused(t, iamNoWildcardResource, [policy({ Action: "s3:Get*", Resource: ["*"] })], /s3:Get\*/);
  await refused(
    t,
    iamNoWildcardResource,
    [inline({ Action: "ec2:ReplaceRoute", Resource: "arn:aws:ec2:*:*:*" })],
    /Role r/,
  );
  await refused(
    t,
    iamNoWildcardResource,
    [own({ Action: "ec2:ReplaceRoute", NotResource: arn })],
    /ec2:ReplaceRoute/,
  );
  const tagged = { StringEquals: { "aws:ResourceTag/Lab": "offline" } };
  await accepted(t, iamNoWildcardResource, [
    own({ Action: "ec2:ReplaceRoute", Resource: "*", Condition: tagged }),
  ]);
});

test("the table of calls that cannot be scoped is what the Service Authorization Reference says", async (t) => {
  t.is(fs.readFileSync("policy/lib/unscoped-actions.ts", "utf8"), await unscopedActionsFile());
});

test("arn-partition: by the resource's region, or its provider's", async (t) => {
  const at = (region: string, props: object): Given =>
    given("aws:iam/rolePolicy:RolePolicy", "rp", { ...props }, { provider: { region } });
  const named = { policy: document({ Action: "ec2:ReplaceRoute", Resource: arn }) };
  await accepted(t, arnPartition, [at("us-east-1", named)]);
  await refused(
    t,
    arnPartition,
    [at("cn-north-1", named)],
    /arn:aws:ec2:.*cn-north-1 is in the partition aws-cn/,
  );
  await refused(t, arnPartition, [at("us-gov-west-1", named)], /aws-us-gov/);
  await accepted(t, arnPartition, [
    at("us-iso-east-1", named),
    given("aws:iam/rolePolicy:RolePolicy", "rp", named),
  ]);
  const policyArn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";
  const attached = given(
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "a",
    { policyArn },
    { provider: { region: "cn-north-1" } },
  );
  await refused(t, arnPartition, [attached], /RolePolicyAttachment a/);
});

test("no-secrets-in-user-data: names what it found and never repeats it", async (t) => {
  const say = (userData: string) => [node("n", { userData })];
  await accepted(
    t,
    noSecretsInUserData,
    say("#!/bin/sh\nPASSWORD=$(aws ssm get-parameter --name /db/password)\necho secret: $SECRET\n"),
  );
  await accepted(t, noSecretsInUserData, [node("n"), node("u", { userData: later })]);
  const password = "DB_PASSWORD=hunter2-hunter2";
  await refused(
    t,
    noSecretsInUserData,
    say(`#!/bin/sh\nexport ${password}\n`),
    /^(?![\s\S]*hunter2)[\s\S]*a value for DB_PASSWORD/,
  );
  await refused(
    t,
    noSecretsInUserData,
    say("#!/bin/sh\naws configure AKIA1234567890ABCDEF\n"),
    /an AWS access key id/,
  );
  const key = "-----BEGIN OPENSSH PRIVATE KEY-----";
  const packed = Buffer.from(key).toString("base64");
  const cloud = `#cloud-config\nwrite_files:\n  - path: /root/.ssh/id\n    encoding: b64\n    content: ${packed}\n`;
  await refused(t, noSecretsInUserData, say(cloud), /a private key/);
  await refused(
    t,
    noSecretsInUserData,
    [template({ userData: Buffer.from(key).toString("base64") })],
    /LaunchTemplate/,
  );
});

test("required-tags: the resource's own, and the provider's defaults", async (t) => {
  const config = { tags: ["Lab", "Owner"] };
  await accepted(t, requiredTags, [node("n")]);
  await accepted(
    t,
    requiredTags,
    [node("n", { tags: { Lab: "x", Owner: "me" } }), node("u", { tags: later })],
    { config },
  );
  await refused(t, requiredTags, [node("n", { tags: { Lab: "x" } })], /Instance n has no tag Owner/, {
    config,
  });
  const provider = { defaultTags: JSON.stringify({ tags: { Owner: "me" } }) };
  await accepted(t, requiredTags, [given(types.vpc, "v", { tags: { Lab: "x" } }, { provider })], { config });
});

test("zone-protected advises", async (t) => {
  const zone = (props: object, protect: boolean) => given(types.zone, "z", { ...props }, { protect });
  t.is(zoneProtected.policy.enforcementLevel, "advisory");
  await accepted(t, zoneProtected, [zone({}, true)]);
  await refused(t, zoneProtected, [zone({}, false)], /Zone z is not protected/);
  await refused(t, zoneProtected, [zone({ forceDestroy: true }, true)], /forceDestroy/);
});
