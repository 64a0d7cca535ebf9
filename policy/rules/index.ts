import type { Rule } from "../lib/rule";
import { dnsUdpAndTcp } from "./dns/dns-udp-and-tcp";
import { forwardersTwoZones } from "./dns/forwarders-two-zones";
import { namedConfClosed } from "./dns/named-conf-closed";
import { noWorldOpenPorts } from "./dns/no-world-open-ports";
import { privateZonePrivate } from "./dns/private-zone-private";
import { vpcDnsOn } from "./dns/vpc-dns-on";
import { candidatesAdmitService } from "./failover/candidates-admit-service";
import { eniPairOneZone } from "./failover/eni-pair-one-zone";
import { failoverNameTtl } from "./failover/failover-name-ttl";
import { overlayOutsideVpc } from "./failover/overlay-outside-vpc";
import { overlayPairTwoZones } from "./failover/overlay-pair-two-zones";
import { overlayRouteInEveryTable } from "./failover/overlay-route-in-every-table";
import { sourceDestCheckOff } from "./failover/source-dest-check-off";
import { sourceDestCheckOnElsewhere } from "./failover/source-dest-check-on-elsewhere";
import { twoCandidates } from "./failover/two-candidates";
import { inputReadable } from "./pack/input-readable";
import { arnPartition } from "./security/arn-partition";
import { iamNoWildcardAction } from "./security/iam-no-wildcard-action";
import { iamNoWildcardResource } from "./security/iam-no-wildcard-resource";
import { imdsHopLimit } from "./security/imds-hop-limit";
import { imdsv2Required } from "./security/imdsv2-required";
import { noPublicIp } from "./security/no-public-ip";
import { noSecretsInUserData } from "./security/no-secrets-in-user-data";
import { requiredTags } from "./security/required-tags";
import { rootVolumeEncrypted } from "./security/root-volume-encrypted";
import { zoneProtected } from "./security/zone-protected";

/** All rules by topic, in the order of the documentation. */
export const topics: Readonly<Record<string, readonly Rule[]>> = {
  failover: [
    overlayOutsideVpc,
    overlayRouteInEveryTable,
    sourceDestCheckOff,
    sourceDestCheckOnElsewhere,
    overlayPairTwoZones,
    eniPairOneZone,
    twoCandidates,
    failoverNameTtl,
    candidatesAdmitService,
  ],
  dns: [privateZonePrivate, vpcDnsOn, forwardersTwoZones, noWorldOpenPorts, namedConfClosed, dnsUdpAndTcp],
  security: [
    imdsv2Required,
    imdsHopLimit,
    rootVolumeEncrypted,
    noPublicIp,
    iamNoWildcardAction,
    iamNoWildcardResource,
    arnPartition,
    noSecretsInUserData,
    requiredTags,
    zoneProtected,
  ],
  pack: [inputReadable],
};

export const rules: readonly Rule[] = Object.values(topics).flat();
