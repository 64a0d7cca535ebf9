/** What is below `meta-data/`, `dynamic/` and `user-data` (EC2 User Guide, "Instance metadata categories"). */
import type { ImdsCredentials } from "../api/admin/types";
import type { InstanceFacts, InterfaceFacts } from "./facts";
import { identityDocument, type IdentitySigner } from "./identity";
import { type Branch, LISTING, present } from "./tree";

export interface TreeSources {
  /** Credentials of the instance's role. */
  readonly credentials: () => Promise<ImdsCredentials>;
  /** Signs the identity document; without it, the document alone is there. */
  readonly signer?: IdentitySigner;
}

/** Everything that one version of the service has. Each listing is true: whatever it names is there. */
export function tree(facts: InstanceFacts, sources: TreeSources): Branch {
  const { userData } = facts.instance;
  return present({
    "meta-data": metaData(facts, sources),
    dynamic: { "instance-identity": identity(facts, sources.signer) },
    "user-data": userData === "" ? undefined : Buffer.from(userData, "base64"),
  });
}

function metaData(facts: InstanceFacts, { credentials }: TreeSources): Branch {
  const { instance, interfaces, region } = facts;
  const [primary] = interfaces;
  return present({
    "ami-id": instance.imageId,
    "ami-launch-index": "0",
    "ami-manifest-path": "(unknown)",
    "block-device-mapping": { ami: instance.rootDeviceName, root: instance.rootDeviceName },
    events: { maintenance: { history: "[]", scheduled: "[]" } },
    hibernation: { configured: "false" },
    hostname: instance.privateDnsName,
    iam: iam(facts, credentials),
    "instance-action": "none",
    "instance-id": instance.id,
    "instance-life-cycle": "on-demand",
    "instance-type": instance.instanceType,
    "local-hostname": instance.privateDnsName,
    "local-ipv4": primary?.addresses[0],
    mac: primary?.macAddress,
    metrics: { vhostmd: '<?xml version="1.0" encoding="UTF-8"?>' },
    network: {
      interfaces: {
        macs: Object.fromEntries(interfaces.map((one) => [one.macAddress, ofInterface(facts, one)])),
      },
    },
    placement: present({
      "availability-zone": instance.availabilityZone,
      "availability-zone-id": instance.availabilityZoneId,
      region,
    }),
    profile: "default-hvm",
    "public-ipv4": primary?.publicIp,
    "public-keys": publicKeys(facts),
    "reservation-id": instance.reservationId,
    "security-groups": primary?.securityGroups.map(({ name }) => name).join("\n"),
    services: {
      domain: region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com",
      partition: partitionOf(region),
    },
    system: "nitro",
    tags:
      instance.metadataOptions.instanceMetadataTags === "enabled" ? { instance: instance.tags } : undefined,
  });
}

function ofInterface({ accountId, instance }: InstanceFacts, one: InterfaceFacts): Branch {
  const [address = ""] = one.addresses;
  const domain = instance.privateDnsName.replace(/^[^.]*/, "");
  return present({
    "device-number": String(one.deviceIndex),
    "interface-id": one.id,
    "ipv4-associations": one.publicIp === "" ? undefined : { [one.publicIp]: address },
    "local-hostname": `ip-${address.replaceAll(".", "-")}${domain}`,
    "local-ipv4s": one.addresses.join("\n"),
    mac: one.macAddress,
    "owner-id": accountId,
    "public-ipv4s": one.publicIp,
    "security-group-ids": one.securityGroups.map(({ id }) => id).join("\n"),
    "security-groups": one.securityGroups.map(({ name }) => name).join("\n"),
    "subnet-id": one.subnetId,
    "subnet-ipv4-cidr-block": one.subnetCidrBlock,
    "vpc-id": one.vpcId,
    "vpc-ipv4-cidr-block": one.vpcCidrBlocks[0],
    "vpc-ipv4-cidr-blocks": one.vpcCidrBlocks.join("\n"),
  });
}

function iam({ instance }: InstanceFacts, credentials: TreeSources["credentials"]): Branch | undefined {
  if (instance.instanceProfile === "") return undefined;
  const info = {
    Code: "Success",
    LastUpdated: `${instance.launchTime.slice(0, 19)}Z`,
    InstanceProfileArn: instance.instanceProfile,
    InstanceProfileId: instance.instanceProfileId,
  };
  const answer = async (): Promise<string> => JSON.stringify(await credentials(), undefined, 2);
  return present({
    info: JSON.stringify(info, undefined, 2),
    "security-credentials": instance.role === "" ? undefined : { [instance.role]: answer },
  });
}

/** Listed as `0=NAME`, and found under `0/`. */
function publicKeys({ instance, publicKey }: InstanceFacts): Branch | undefined {
  if (publicKey === undefined) return undefined;
  const key: Branch = { "openssh-key": publicKey };
  return { "0": key, [LISTING]: `0=${instance.keyName}` } as Branch;
}

function identity(facts: InstanceFacts, signer: IdentitySigner | undefined): Branch {
  const document = identityDocument(facts);
  if (signer === undefined) return { document };
  return {
    document,
    pkcs7: () => signer.pkcs7(document),
    rsa2048: () => signer.pkcs7(document),
    signature: () => signer.signature(document),
  };
}

function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}
