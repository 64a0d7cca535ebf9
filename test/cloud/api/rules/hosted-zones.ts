import { ACCOUNT_ID } from "../admin/types";
import { changeXml, dnsReply, page, vpcXml, zoneXml } from "../dns/answers";
import { compareNames, nameProblem, storedName } from "../dns/names";
import { DELEGATION_SET, type Zone, type ZoneVpc } from "../dns/zones";
import { find } from "../ec2/find";
import { AwsError } from "../gateway/errors";
import type { Context, Handlers } from "../gateway/handler";
import type { Reply } from "../gateway/reply";
import { at, isElement, textAt, type XmlElement } from "../gateway/xml";

/** Route 53's hosted zones and the VPCs that see them. */
export const hostedZoneHandlers: Handlers = {
  "route53:CreateHostedZone": { run: createZone },
  "route53:GetHostedZone": {
    run: ({ call, zones }) => {
      const zone = zones.get(call.params.Id ?? "");
      const vpcs: XmlElement = zone.isPrivate
        ? { VPCs: { VPC: zone.vpcs.map(vpcXml) } }
        : { DelegationSet: DELEGATION_SET };
      return dnsReply(call.action, { HostedZone: zoneXml(zone), ...vpcs });
    },
  },
  "route53:GetHostedZoneCount": {
    run: ({ call, zones }) => dnsReply(call.action, { HostedZoneCount: String(zones.all.size) }),
  },
  "route53:UpdateHostedZoneComment": {
    run: ({ call, zones }) => {
      const zone = zones.get(call.params.Id ?? "");
      zone.comment = call.params.Comment ?? "";
      return dnsReply(call.action, { HostedZone: zoneXml(zone) });
    },
  },
  "route53:DeleteHostedZone": {
    run: ({ call, zones }) => {
      const zone = zones.get(call.params.Id ?? "");
      if (zone.records.some(({ name, type }) => name !== zone.name || !["NS", "SOA"].includes(type))) {
        throw new AwsError(
          "HostedZoneNotEmpty",
          "The specified hosted zone contains non-required resource record sets and so cannot be deleted.",
        );
      }
      zones.all.delete(zone.id);
      return dnsReply(call.action, { ChangeInfo: changeXml(zones.submit(), "PENDING") });
    },
  },
  "route53:ListHostedZones": { run: listZones },
  "route53:ListHostedZonesByName": { run: listByName },
  "route53:ListHostedZonesByVPC": {
    run: (context) => {
      const { call, zones } = context;
      const { vpcid = "", vpcregion = "", nexttoken } = call.params;
      const seen = [...zones.all.values()].filter((zone) => sees(zone, { id: vpcid, region: vpcregion }));
      const from = nexttoken === undefined ? 0 : seen.findIndex((zone) => tokenOf(zone) === nexttoken);
      if (from < 0) {
        const what =
          "The value that you specified to get the second or subsequent page of results is invalid.";
        throw new AwsError("InvalidPaginationToken", what);
      }
      const { items, next } = page(seen.slice(from), context, 100);
      const summaries = items.map((zone) => ({
        HostedZoneId: zone.id,
        Name: zone.name,
        Owner: { OwningAccount: ACCOUNT_ID },
      }));
      return dnsReply(call.action, {
        HostedZoneSummaries: { HostedZoneSummary: summaries },
        MaxItems: call.params.maxitems ?? "100",
        ...(next === undefined ? {} : { NextToken: tokenOf(next) }),
      });
    },
  },
  "route53:AssociateVPCWithHostedZone": {
    run: async (context) => {
      const { call, zones } = context;
      const zone = zones.get(call.params.HostedZoneId ?? "");
      const vpc = vpcOf(call.input as XmlElement);
      if (vpc === undefined) throw new AwsError("InvalidInput", "VPC is missing");
      if (!zone.isPrivate) {
        throw new AwsError(
          "PublicZoneVPCAssociation",
          "You can't associate a VPC with a public hosted zone.",
        );
      }
      await checkVpc(context, zone.name, vpc);
      const change = zones.associate(zone, [...zone.vpcs, vpc]);
      return dnsReply(call.action, { ChangeInfo: changeXml(change, "PENDING") });
    },
  },
  "route53:DisassociateVPCFromHostedZone": {
    run: ({ call, zones }) => {
      const zone = zones.get(call.params.HostedZoneId ?? "");
      const vpc = vpcOf(call.input as XmlElement) ?? { id: "", region: "" };
      if (!sees(zone, vpc)) {
        const what = `The VPC: ${vpc.id} is not currently associated with the hosted zone.`;
        throw new AwsError("VPCAssociationNotFound", what, 404);
      }
      if (zone.vpcs.length === 1) {
        throw new AwsError(
          "LastVPCAssociation",
          "The VPC is the only one that is associated with the hosted zone.",
        );
      }
      const left = zone.vpcs.filter((one) => one.id !== vpc.id);
      return dnsReply(call.action, { ChangeInfo: changeXml(zones.associate(zone, left), "PENDING") });
    },
  },
};

async function createZone(context: Context): Promise<Reply> {
  const { call, zones } = context;
  const input = call.input as XmlElement;
  const callerReference = textAt(input, "CallerReference");
  const name = textAt(input, "Name");
  if (callerReference === "") throw new AwsError("InvalidInput", "CallerReference is missing");
  const problem = nameProblem(name);
  if (problem !== undefined) throw new AwsError("InvalidDomainName", problem);
  if ([...zones.all.values()].some((zone) => zone.callerReference === callerReference)) {
    throw new AwsError(
      "HostedZoneAlreadyExists",
      `A hosted zone has already been created with the specified caller reference.`,
      409,
    );
  }
  const vpc = vpcOf(input);
  if (vpc === undefined && textAt(input, "HostedZoneConfig.PrivateZone") === "true") {
    throw new AwsError(
      "InvalidInput",
      "When you're creating a private hosted zone (when you specify true for PrivateZone), " +
        "you must also specify values for VPCId and VPCRegion.",
    );
  }
  if (vpc !== undefined) await checkVpc(context, storedName(name), vpc);
  const zone = zones.create({
    name: storedName(name),
    callerReference,
    comment: textAt(input, "HostedZoneConfig.Comment"),
    // A VPC makes it private, whatever the flag says.
    isPrivate: vpc !== undefined,
    vpcs: vpc === undefined ? [] : [vpc],
  });
  const content = {
    HostedZone: zoneXml(zone),
    ChangeInfo: changeXml(zones.submit(), "PENDING"),
    ...(vpc === undefined ? { DelegationSet: DELEGATION_SET } : { VPC: vpcXml(vpc) }),
  };
  return dnsReply(
    call.action,
    content,
    201,
    `https://route53.amazonaws.com/2013-04-01/hostedzone/${zone.id}`,
  );
}

function vpcOf(input: XmlElement): ZoneVpc | undefined {
  const vpc = at(input, "VPC");
  const element = Array.isArray(vpc) ? vpc[0] : vpc;
  if (!isElement(element)) return undefined;
  return { id: textAt(element, "VPCId"), region: textAt(element, "VPCRegion") };
}

function sees(zone: Zone, vpc: ZoneVpc): boolean {
  return zone.vpcs.some((one) => one.id === vpc.id && (vpc.region === "" || one.region === vpc.region));
}

async function checkVpc({ ec2In, zones }: Context, name: string, vpc: ZoneVpc): Promise<void> {
  try {
    await find(ec2In(vpc.region), "vpcs", vpc.id);
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== "InvalidVpcID.NotFound") throw error;
    throw new AwsError(
      "InvalidVPCId",
      `The VPC: ${vpc.id} in region ${vpc.region} that you provided is not authorized`,
    );
  }
  const other = [...zones.all.values()].find((zone) => zone.name === name && sees(zone, vpc));
  if (other === undefined) return;
  throw new AwsError(
    "ConflictingDomainExists",
    `The VPC ${vpc.id} in region ${vpc.region} has already been associated with the hosted zone ${other.id} ` +
      "with the same domain name.",
  );
}

/** AWS's tokens are opaque. */
function tokenOf(zone: Zone): string {
  return Buffer.from(`from:${zone.id}`).toString("base64url");
}

function listZones(context: Context): Reply {
  const { call, zones } = context;
  const { marker } = call.params;
  const all = [...zones.all.values()];
  const start = marker === undefined ? 0 : all.findIndex((zone) => zone.id === marker);
  if (start < 0) throw new AwsError("NoSuchHostedZone", `No hosted zone found with ID: ${marker ?? ""}`);
  const { items, next } = page(all.slice(start), context, 100);
  return dnsReply(call.action, {
    HostedZones: { HostedZone: items.map(zoneXml) },
    ...(marker === undefined ? {} : { Marker: marker }),
    IsTruncated: String(next !== undefined),
    ...(next === undefined ? {} : { NextMarker: next.id }),
    MaxItems: call.params.maxitems ?? "100",
  });
}

function listByName(context: Context): Reply {
  const { call, zones } = context;
  const { dnsname, hostedzoneid } = call.params;
  const problem = dnsname === undefined ? undefined : nameProblem(dnsname);
  if (problem !== undefined) throw new AwsError("InvalidInput", problem);
  const after = (zone: Zone): boolean => {
    if (dnsname === undefined) return true;
    const order = compareNames(zone.name, storedName(dnsname));
    return order > 0 || (order === 0 && (hostedzoneid === undefined || zone.id >= hostedzoneid));
  };
  const sorted = [...zones.all.values()].sort(
    (a, b) => compareNames(a.name, b.name) || (a.id < b.id ? -1 : 1),
  );
  const { items, next } = page(sorted.filter(after), context, 100);
  return dnsReply(call.action, {
    HostedZones: { HostedZone: items.map(zoneXml) },
    ...(dnsname === undefined ? {} : { DNSName: dnsname }),
    ...(hostedzoneid === undefined ? {} : { HostedZoneId: hostedzoneid }),
    IsTruncated: String(next !== undefined),
    ...(next === undefined ? {} : { NextDNSName: next.name, NextHostedZoneId: next.id }),
    MaxItems: call.params.maxitems ?? "100",
  });
}
