/** Machines in each guise: templates, configurations, groups, spot requests, and what others have made. */
import { types } from "../../../../policy/lib/types";
import { type Given, given, of } from "../../_judge";
import { type Cases, fine, wrong } from "../_case";
import * as net from "../_network";

const { network, vpc, subnetA, subnetB, machine, hardened } = net;
const { rootBlockDevice, metadataOptions } = hardened;
const base64 = (text: string): string => Buffer.from(text).toString("base64");

const template = (name: string, more: Given["props"] = {}): Given =>
  given(types.launchTemplate, name, {
    imageId: hardened.ami,
    instanceType: "t3.small",
    metadataOptions,
    blockDeviceMappings: [
      { deviceName: "/dev/xvda", ebs: { volumeSize: 20, encrypted: "true" } },
      { deviceName: "/dev/sdb", virtualName: "ephemeral0" },
    ],
    ...more,
  });
const configuration = (name: string, more: Given["props"] = {}): Given =>
  given(types.launchConfiguration, name, {
    imageId: hardened.ami,
    instanceType: "t3.small",
    metadataOptions,
    rootBlockDevice,
    ...more,
  });
const scaling = (name: string, subnets: readonly Given[], more: Given["props"]): Given =>
  given(types.autoscalingGroup, name, {
    minSize: 2,
    maxSize: 4,
    vpcZoneIdentifiers: subnets.map((subnet) => of(subnet)),
    ...more,
  });

const forwarderScript =
  "#!/bin/sh\ncat > /etc/named.conf <<'EOF'\noptions { forward only; forwarders { 10.20.0.2; }; allow-query { 10.0.0.0/8; }; dnssec-validation no; };\nEOF\n";
const forwarders = template("dns", { userData: base64(forwarderScript) });
const exposed = template("public", {
  userData: base64(forwarderScript),
  networkInterfaces: [{ associatePublicIpAddress: "true" }],
});
const byTemplate = { launchTemplate: { id: of(forwarders), version: "$Latest" } };
const old = configuration("dns", { userData: forwarderScript });

const web = template("web");
const db = machine("db1", { subnetId: "subnet-0abc", sourceDestCheck: false });
const password = "export API_TOKEN=Zq8-rT5w-Xy21\n";
const imdsv1 = { metadataOptions: { httpTokens: "optional", httpPutResponseHopLimit: 1 } };

export const machines: Cases = {
  "an auto scaling group of a launch template": fine(
    network,
    web,
    scaling("web", [subnetA, subnetB], { launchTemplate: { id: of(web), version: "$Latest" } }),
  ),
  "an instance of a launch template": fine(
    network,
    web,
    given(types.instance, "web", {
      subnetId: of(subnetA),
      launchTemplate: { id: of(web), version: "$Latest" },
    }),
  ),
  "a launch template that only adds user data": fine(
    given(types.launchTemplate, "extra", { metadataOptions, userData: base64("#!/bin/sh\ntrue\n") }),
  ),
  "a launch template with IMDSv1 and nothing said of its disk": wrong(
    [
      "imdsv2-required: LaunchTemplate web has metadataOptions.httpTokens",
      "root-volume-encrypted: LaunchTemplate web has a root volume that is not encrypted",
    ],
    template("web", { ...imdsv1, blockDeviceMappings: undefined }),
  ),
  "a launch configuration in order": fine(network, configuration("web")),
  "a launch configuration with each mistake": wrong(
    [
      "imds-hop-limit: LaunchConfiguration web leaves the hop limit",
      "imdsv2-required: LaunchConfiguration web does not say",
      "no-secrets-in-user-data: LaunchConfiguration web has what looks like a value for API_TOKEN",
      "root-volume-encrypted: LaunchConfiguration web has a root volume",
    ],
    configuration("web", {
      metadataOptions: undefined,
      rootBlockDevice: undefined,
      userData: `#!/bin/sh\n${password}`,
    }),
  ),
  "a spot request with IMDSv1 and a secret": wrong(
    [
      "imdsv2-required: SpotInstanceRequest worker has metadataOptions.httpTokens",
      "no-secrets-in-user-data: SpotInstanceRequest worker has what looks like a value for API_TOKEN",
    ],
    network,
    given(types.spotRequest, "worker", {
      ...hardened,
      ...imdsv1,
      userDataBase64: base64(`#!/bin/sh\n${password}`),
    }),
  ),
  "a spot fleet with a secret and an open disk": wrong(
    [
      "no-secrets-in-user-data: SpotFleetRequest fleet has what looks like a value for API_TOKEN",
      "root-volume-encrypted: SpotFleetRequest fleet has a root volume",
    ],
    given(types.spotFleet, "fleet", {
      iamFleetRole: "arn:aws:iam::123456789012:role/fleet",
      launchSpecifications: [
        {
          ami: hardened.ami,
          instanceType: "t3.small",
          userData: `#!/bin/sh\n${password}`,
          rootBlockDevices: [{ encrypted: true }],
        },
        { ami: hardened.ami, instanceType: "t3.small" },
      ],
    }),
  ),
  "forwarders of an auto scaling group in two zones": fine(
    network,
    forwarders,
    scaling("dns", [subnetA, subnetB], byTemplate),
  ),
  "forwarders of an auto scaling group in one zone": wrong(
    ["forwarders-two-zones: Group dns and all other forwarders are in us-east-1a"],
    network,
    forwarders,
    scaling("dns", [subnetA], byTemplate),
  ),
  "forwarders that get public addresses from their template": wrong(
    ["no-public-ip: LaunchTemplate public gives forwarders a public address"],
    network,
    exposed,
    scaling("dns", [subnetA, subnetB], { launchTemplate: { id: of(exposed), version: "$Latest" } }),
  ),
  "addresses that are none": wrong(
    [
      'input-readable: Route odd has "192.168.10.1/33" in destinationCidrBlock',
      'input-readable: SecurityGroup odd has "10.0.0.0/8 " in ingress[0].cidrBlocks',
    ],
    given(types.route, "odd", {
      routeTableId: "rtb-0abc",
      destinationCidrBlock: "192.168.10.1/33",
      networkInterfaceId: "eni-0abc",
    }),
    given(types.securityGroup, "odd", {
      ingress: [{ protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["10.0.0.0/8 "] }],
    }),
  ),
  "one forwarder that a group only replaces": wrong(
    ["forwarders-two-zones: Group dns is the only forwarder"],
    network,
    old,
    scaling("dns", [subnetA, subnetB], { launchConfiguration: of(old, "name"), minSize: 1, maxSize: 1 }),
  ),
  "forwarders of a launch configuration": fine(
    network,
    old,
    scaling("dns", [subnetA, subnetB], { launchConfiguration: of(old, "name") }),
  ),
  "forwarders of one template, in two zones": fine(
    network,
    forwarders,
    given(types.instance, "dns1", { ...byTemplate, subnetId: of(subnetA) }),
    given(types.instance, "dns2", { ...byTemplate, subnetId: of(subnetB) }),
  ),
  "a machine in a network that others have made": fine(
    machine("app", { subnetId: "subnet-0abc", vpcSecurityGroupIds: ["sg-0abc"] }),
    given(types.route, "out", {
      routeTableId: "rtb-0abc",
      destinationCidrBlock: "0.0.0.0/0",
      natGatewayId: "nat-0abc",
    }),
  ),
  "an overlay IP in tables that others have made": fine(
    db,
    ...["rtb-0aaa", "rtb-0bbb"].map((routeTableId) =>
      given(types.route, routeTableId, {
        routeTableId,
        destinationCidrBlock: "192.168.50.10/32",
        networkInterfaceId: of(db, "primaryNetworkInterfaceId"),
      }),
    ),
  ),
  "a group open by a prefix list and another group": fine(
    vpc,
    given(types.securityGroup, "ssh", {
      vpcId: of(vpc),
      ingress: [
        {
          protocol: "tcp",
          fromPort: 22,
          toPort: 22,
          prefixListIds: ["pl-0abc"],
          securityGroups: ["sg-0abc"],
        },
      ],
    }),
  ),
};
