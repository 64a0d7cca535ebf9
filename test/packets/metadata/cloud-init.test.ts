/** The metadata service, judged by the real cloud-init: its Ec2 data source crawls the whole tree. */
import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ImdsCredentials } from "../../cloud/api/admin/types";
import { instanceFacts } from "../../cloud/metadata/facts";
import { identitySigner } from "../../cloud/metadata/identity";
import { createMetadataService } from "../../cloud/metadata/service";
import { cloudWith, instance, INSTANCE_ID } from "../../unit/metadata/_facts";
import { run, testWith } from "../../unit/nodes/tools";

/** What cloud-init knows after its crawl, and what it warned of; the machine is taken for one of AWS. */
const CRAWL = `
import json, logging, sys
from cloudinit import helpers
from cloudinit.sources import DataSourceEc2 as ec2
warnings = []
class Kept(logging.Handler):
    def emit(self, record): warnings.append(record.getMessage())
logging.getLogger().addHandler(Kept(level=logging.WARNING))
source = ec2.DataSourceEc2({}, None, helpers.Paths({"cloud_dir": sys.argv[2], "run_dir": sys.argv[2]}))
source._cloud_name = ec2.CloudNames.AWS
source.ds_cfg = {"metadata_urls": [sys.argv[1]]}
crawled = source.crawl_metadata()
source.metadata = crawled["meta-data"]
source._fallback_interface = "ens5"
network = ec2.convert_ec2_metadata_network_config(
    source.metadata["network"],
    macs_to_nics={"02:00:00:00:00:01": "ens5", "02:00:00:00:00:02": "ens6"}, fallback_nic="ens5")
crawled["user-data"] = crawled["user-data"].decode()
print(json.dumps({"crawled": crawled, "network": network, "warnings": warnings}))
`;

interface Crawled {
  crawled: {
    "meta-data": Record<string, unknown>;
    "user-data": string;
    dynamic: { "instance-identity": Record<string, unknown> };
    _metadata_api_version: string;
  };
  network: { ethernets: Record<string, { addresses?: string[]; match: { macaddress: string } }> };
  warnings: string[];
}

testWith("cloud-init", "openssl")("cloud-init reads everything at the first attempt", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "crawl-"));
  t.teardown(() => {
    rmSync(folder, { recursive: true });
  });
  const signer = await identitySigner(folder, "us-east-1");
  const requests: string[] = [];
  const tags = { ...instance().metadataOptions, instanceMetadataTags: "enabled" };
  const model = cloudWith(instance({ metadataOptions: tags }));
  const server = createMetadataService({
    instance: () => instanceFacts(model, INSTANCE_ID, { operator: "ssh-ed25519 AAAA operator" }),
    credentials: () => Promise.resolve({ Code: "Success" } as ImdsCredentials),
    signer,
  });
  server.on("request", ({ url }, response) => {
    response.on("finish", () => requests.push(`${response.statusCode} ${url}`));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { stdout, stderr, code } = await run("/usr/bin/python3", ["-c", CRAWL, url, folder]);
  t.is(code, 0, stderr);
  const { crawled, network, warnings } = JSON.parse(stdout) as Crawled;
  t.deepEqual(warnings, []);
  t.deepEqual(
    requests.filter((one) => !one.startsWith("200 ")),
    [],
    "nothing was refused or missing",
  );
  t.is(crawled._metadata_api_version, "2021-03-23");
  t.is(crawled["user-data"], "#cloud-config\n");
  t.like(crawled["meta-data"], {
    "instance-id": INSTANCE_ID,
    "public-keys": { operator: "ssh-ed25519 AAAA operator" },
    tags: { instance: { Name: "node1", Lab: "offline" } },
    placement: { "availability-zone": "us-east-1a", "availability-zone-id": "use1-az1", region: "us-east-1" },
  });
  t.like(crawled.dynamic["instance-identity"].document, { instanceId: INSTANCE_ID });
  const { ens5, ens6 } = network.ethernets;
  t.deepEqual([ens5?.match.macaddress, ens6?.match.macaddress], ["02:00:00:00:00:01", "02:00:00:00:00:02"]);
  t.deepEqual(ens5?.addresses, ["10.0.0.11/24"], "the secondary address, in the subnet");
});

testWith("curl")("curl, as Amazon's own scripts call it", async (t) => {
  const model = cloudWith(instance());
  const server = createMetadataService({
    instance: () => instanceFacts(model, INSTANCE_ID),
    credentials: () => Promise.resolve({ Code: "Success" } as ImdsCredentials),
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/latest`;
  const put = ["-sf", "-X", "PUT", "-H", "X-aws-ec2-metadata-token-ttl-seconds: 60", `${url}/api/token`];
  const token = (await run("curl", put)).stdout;
  const get = async (path: string) =>
    run("curl", ["-sf", "-H", `X-aws-ec2-metadata-token:${token}`, `${url}/meta-data/${path}`]);
  const mac = (await get("mac")).stdout;
  t.is((await get(`network/interfaces/macs/${mac}/local-ipv4s`)).stdout, "10.0.0.10\n10.0.0.11");
  t.is((await get(`network/interfaces/macs/${mac}/device-number`)).stdout, "0");
  t.is(
    (await get(`network/interfaces/macs/${mac}/ipv4-prefix`)).code,
    22,
    "no prefixes: an error, as on AWS",
  );
  t.is((await run("curl", ["-sf", `${url}/meta-data/mac`])).code, 22);
});
