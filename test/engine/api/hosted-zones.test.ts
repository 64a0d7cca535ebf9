/** Route 53: zones, records, changes on their way. */
import * as r53 from "@aws-sdk/client-route-53";
import test from "ava";
import { AT_ONCE, makeSite, refusal, withCloud } from "./_cloud";

const theCloud = withCloud(test);
let references = 0;

async function makeZone(more: Partial<r53.CreateHostedZoneCommandInput> = {}) {
  const cloud = theCloud();
  const client = new r53.Route53Client(cloud.config());
  const site = await makeSite(cloud.ec2());
  const VPC = { VPCRegion: "us-east-1" as const, VPCId: site.vpcId };
  const CallerReference = `reference ${(references += 1)}`;
  const made = await client.send(
    new r53.CreateHostedZoneCommand({ Name: "awslab.mycompany.corp", CallerReference, VPC, ...more }),
  );
  return { cloud, client, site, VPC, made, id: (made.HostedZone?.Id ?? "").replace("/hostedzone/", "") };
}

function change(
  client: r53.Route53Client,
  HostedZoneId: string,
  Action: r53.ChangeAction,
  value = "10.0.0.1",
  Name = "myservice.awslab.mycompany.corp",
) {
  const ResourceRecordSet = { Name, Type: "A" as const, TTL: 10, ResourceRecords: [{ Value: value }] };
  const ChangeBatch = { Changes: [{ Action, ResourceRecordSet }] };
  return client.send(new r53.ChangeResourceRecordSetsCommand({ HostedZoneId, ChangeBatch }));
}

async function addresses(client: r53.Route53Client, HostedZoneId: string): Promise<(string | undefined)[]> {
  const { ResourceRecordSets } = await client.send(new r53.ListResourceRecordSetsCommand({ HostedZoneId }));
  return (ResourceRecordSets ?? [])
    .filter((set) => set.Type === "A")
    .flatMap((set) => set.ResourceRecords ?? [])
    .map((one) => one.Value);
}

test("a zone with a VPC is private, also without the flag", async (t) => {
  const { client, id, made, VPC } = await makeZone();
  t.true(made.HostedZone?.Config?.PrivateZone);
  t.is(made.HostedZone?.Name, "awslab.mycompany.corp.");
  const shown = await client.send(new r53.GetHostedZoneCommand({ Id: id }));
  t.deepEqual(shown.VPCs, [VPC]);
  t.is(shown.DelegationSet, undefined);
});

test("a private zone without a VPC, a second one of the same name, and a used reference are refused", async (t) => {
  const { client, VPC, made } = await makeZone();
  const make = (input: Partial<r53.CreateHostedZoneCommandInput>) =>
    refusal(
      client.send(
        new r53.CreateHostedZoneCommand({
          Name: "awslab.mycompany.corp",
          CallerReference: `r${(references += 1)}`,
          ...input,
        }),
      ),
    );
  t.is((await make({ HostedZoneConfig: { PrivateZone: true } })).code, "InvalidInput");
  t.is((await make({ VPC })).code, "ConflictingDomainExists");
  t.is((await make({ VPC: { ...VPC, VPCId: "vpc-00000000000000000" } })).code, "InvalidVPCId");
  const again = await make({ CallerReference: made.HostedZone?.CallerReference });
  t.is(again.code, "HostedZoneAlreadyExists");
});

test("a zone is born with NS and SOA records that are such", async (t) => {
  const { client, id } = await makeZone();
  const { ResourceRecordSets } = await client.send(
    new r53.ListResourceRecordSetsCommand({ HostedZoneId: id }),
  );
  t.deepEqual(
    ResourceRecordSets?.map((set) => set.Type),
    ["NS", "SOA"],
  );
  const soa = ResourceRecordSets?.[1]?.ResourceRecords?.[0]?.Value ?? "";
  t.regex(soa, /^\S+\. \S+\. \d+ \d+ \d+ \d+ \d+$/);
});

test("CREATE of a record that exists, DELETE of one that differs: refused, and nothing of the batch is done", async (t) => {
  const { client, id } = await makeZone();
  await change(client, id, "CREATE");
  const again = await refusal(change(client, id, "CREATE"));
  t.is(again.code, "InvalidChangeBatch");
  t.regex(
    again.message,
    /Tried to create resource record set \[name='myservice\.awslab\.mycompany\.corp\.', type='A'\] but it already exists/,
  );
  t.regex(
    (await refusal(change(client, id, "DELETE", "10.0.0.2"))).message,
    /do not match the current values/,
  );
  const record = (Name: string) => ({
    Name,
    Type: "A" as const,
    TTL: 10,
    ResourceRecords: [{ Value: "10.0.0.9" }],
  });
  const batch = [
    { Action: "UPSERT" as const, ResourceRecordSet: record("other.awslab.mycompany.corp") },
    { Action: "CREATE" as const, ResourceRecordSet: record("myservice.awslab.mycompany.corp") },
  ];
  const call = client.send(
    new r53.ChangeResourceRecordSetsCommand({ HostedZoneId: id, ChangeBatch: { Changes: batch } }),
  );
  t.is((await refusal(call)).code, "InvalidChangeBatch");
  t.deepEqual(await addresses(client, id), ["10.0.0.1"]);
});

test("a record outside of the zone, and an address that is none, are refused", async (t) => {
  const { client, id } = await makeZone();
  t.regex(
    (await refusal(change(client, id, "UPSERT", "10.0.0.1", "www.example.com"))).message,
    /is not permitted in zone/,
  );
  t.regex((await refusal(change(client, id, "UPSERT", "10.0.0"))).message, /not a valid IPv4 address/);
});

test("UPSERT makes a record and replaces it", async (t) => {
  const { client, id } = await makeZone();
  await change(client, id, "UPSERT", "10.0.0.1");
  await change(client, id, "UPSERT", "10.0.0.2");
  t.deepEqual(await addresses(client, id), ["10.0.0.2"]);
});

test.serial("a change is PENDING until it has reached all name servers", async (t) => {
  const { cloud, client, id } = await makeZone();
  await cloud.admin.changeSettings({ route53PendingMs: 1_000_000_000 });
  const { ChangeInfo } = await change(client, id, "UPSERT");
  t.is(ChangeInfo?.Status, "PENDING");
  const status = async () =>
    (await client.send(new r53.GetChangeCommand({ Id: ChangeInfo?.Id }))).ChangeInfo?.Status;
  t.is(await status(), "PENDING");
  await cloud.admin.changeSettings({ route53PendingMs: 0 });
  t.is(await status(), "INSYNC");
  await cloud.admin.changeSettings(AT_ONCE);
});

test("GetChange of a change that never was: NoSuchChange", async (t) => {
  const client = new r53.Route53Client(theCloud().config());
  t.is((await refusal(client.send(new r53.GetChangeCommand({ Id: "C0BOGUS" })))).code, "NoSuchChange");
});

test.serial("a zone that still works on a change refuses the next one", async (t) => {
  const { cloud, client, id } = await makeZone();
  await change(client, id, "UPSERT", "10.0.0.1");
  await cloud.admin.changeSettings({ route53PriorRequestMs: 1_000_000_000 });
  t.like(await refusal(change(client, id, "UPSERT", "10.0.0.2")), {
    code: "PriorRequestNotComplete",
    status: 400,
  });
  await cloud.admin.changeSettings({ route53PriorRequestMs: 0 });
});

test("a zone with records cannot be deleted; an empty one can", async (t) => {
  const { client, id } = await makeZone();
  await change(client, id, "UPSERT");
  t.is((await refusal(client.send(new r53.DeleteHostedZoneCommand({ Id: id })))).code, "HostedZoneNotEmpty");
  await change(client, id, "DELETE");
  await client.send(new r53.DeleteHostedZoneCommand({ Id: id }));
  t.is((await refusal(client.send(new r53.GetHostedZoneCommand({ Id: id })))).code, "NoSuchHostedZone");
});

test("a private zone is seen by the VPCs that it is associated with, and by one at least", async (t) => {
  const { cloud, client, id, VPC } = await makeZone();
  const { vpcId: VPCId } = await makeSite(cloud.ec2());
  const other = { VPCRegion: "us-east-1" as const, VPCId };
  await client.send(new r53.AssociateVPCWithHostedZoneCommand({ HostedZoneId: id, VPC: other }));
  const seen = await client.send(new r53.ListHostedZonesByVPCCommand(other));
  t.deepEqual(
    seen.HostedZoneSummaries?.map((zone) => zone.HostedZoneId),
    [id],
  );
  await client.send(new r53.DisassociateVPCFromHostedZoneCommand({ HostedZoneId: id, VPC }));
  const last = client.send(new r53.DisassociateVPCFromHostedZoneCommand({ HostedZoneId: id, VPC: other }));
  t.is((await refusal(last)).code, "LastVPCAssociation");
});

test("names are kept in lower case, unusual characters as octal escapes, lists in Route 53's order", async (t) => {
  const { client, id } = await makeZone();
  for (const name of ["B.awslab.mycompany.corp", "*.awslab.mycompany.corp", "a.b.awslab.mycompany.corp"]) {
    await change(client, id, "CREATE", "10.0.0.1", name);
  }
  const { ResourceRecordSets } = await client.send(
    new r53.ListResourceRecordSetsCommand({ HostedZoneId: id }),
  );
  t.deepEqual(
    ResourceRecordSets?.slice(2).map((set) => set.Name),
    ["\\052.awslab.mycompany.corp.", "b.awslab.mycompany.corp.", "a.b.awslab.mycompany.corp."],
  );
});

test("a zone's tags are kept", async (t) => {
  const { client, id } = await makeZone();
  const of = { ResourceType: "hostedzone" as const, ResourceId: id };
  await client.send(
    new r53.ChangeTagsForResourceCommand({
      ...of,
      AddTags: [
        { Key: "Lab", Value: "Höhe ü" },
        { Key: "x", Value: "y" },
      ],
    }),
  );
  await client.send(new r53.ChangeTagsForResourceCommand({ ...of, RemoveTagKeys: ["x"] }));
  const { ResourceTagSet } = await client.send(new r53.ListTagsForResourceCommand(of));
  t.deepEqual(ResourceTagSet?.Tags, [{ Key: "Lab", Value: "Höhe ü" }]);
});

test("names: labels have 1 to 63 characters, names 255, and what is not ASCII comes as an escape", async (t) => {
  const { client, id } = await makeZone();
  const name = "awslab.mycompany.corp";
  const upsert = (Name: string, Type: "A" | "CNAME" = "A", Value = "10.0.0.1") =>
    client.send(
      new r53.ChangeResourceRecordSetsCommand({
        HostedZoneId: id,
        ChangeBatch: {
          Changes: [
            { Action: "UPSERT", ResourceRecordSet: { Name, Type, TTL: 10, ResourceRecords: [{ Value }] } },
          ],
        },
      }),
    );
  const long = "x".repeat(64);
  for (const [wrong, why] of [
    [`a..${name}`, /DomainLabelEmpty \(Domain label is empty\)/],
    [`.${name}`, /DomainLabelEmpty/],
    [`${long}.${name}`, /DomainLabelTooLong \(Domain label is too long\) encountered with 'x{64}'/],
    [`${"abcdefgh.".repeat(28)}${name}`, /DomainNameTooLong/],
    [`höst.${name}`, /UnsupportedCharacter \(Value contains unsupported characters\) encountered with 'ö'/],
    [`a b.${name}`, /UnsupportedCharacter/],
  ] as const) {
    const refused = await refusal(upsert(wrong));
    t.like(refused, { code: "InvalidChangeBatch" });
    t.regex(refused.message, why);
  }
  t.is((await refusal(upsert(`alias.${name}`, "CNAME", "a..b"))).code, "InvalidChangeBatch");
  await upsert(`h\\366st.${name}`);
  await upsert(`${long.slice(1)}.${name}`);
  const zone = (Name: string) =>
    client.send(new r53.CreateHostedZoneCommand({ Name, CallerReference: `names ${Name}` }));
  for (const wrong of ["höst.example", "a..example", `${long}.example`]) {
    t.is((await refusal(zone(wrong))).code, "InvalidDomainName");
  }
  const list = client.send(
    new r53.ListResourceRecordSetsCommand({ HostedZoneId: id, StartRecordName: "a..b" }),
  );
  t.is((await refusal(list)).code, "InvalidInput");
});

test("a page of zones or records has one item or more, and a list's token is one that was given", async (t) => {
  const { client, id, VPC } = await makeZone();
  for (const wrong of ["0", "abc", "-1"]) {
    const MaxItems = wrong as unknown as number;
    const calls = [
      client.send(new r53.ListHostedZonesCommand({ MaxItems })),
      client.send(new r53.ListHostedZonesByNameCommand({ MaxItems })),
      client.send(new r53.ListHostedZonesByVPCCommand({ ...VPC, MaxItems })),
      client.send(new r53.ListResourceRecordSetsCommand({ HostedZoneId: id, MaxItems })),
    ];
    for (const call of calls) t.is((await refusal(call)).code, "InvalidInput");
  }
  const token = client.send(new r53.ListHostedZonesByVPCCommand({ ...VPC, NextToken: "nobody's" }));
  t.is((await refusal(token)).code, "InvalidPaginationToken");
});
