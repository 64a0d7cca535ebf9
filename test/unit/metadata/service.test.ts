/** The metadata service: version 2 only, as EC2's answers. */
import { execFileSync, spawnSync } from "node:child_process";
import { createVerify, X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import type { ImdsCredentials } from "../../cloud/api/admin/types";
import { instanceAt, instanceFacts } from "../../cloud/metadata/facts";
import { identitySigner } from "../../cloud/metadata/identity";
import { createMetadataService } from "../../cloud/metadata/service";
import { Tokens } from "../../cloud/metadata/tokens";
import type { CloudModel } from "../../cloud/model";
import { VPC_ID } from "../vpc-resolver/_model";
import { cloudWith, instance, INSTANCE_ID } from "./_facts";

const KEY = "ssh-ed25519 AAAA operator";
let made = 0;
const credentials = (): Promise<ImdsCredentials> => {
  made += 1;
  const Expiration = new Date(Date.now() + 3_600_000).toISOString();
  return Promise.resolve({
    Code: "Success",
    AccessKeyId: `ASIA${made}`,
    Token: "t",
    Expiration,
  } as ImdsCredentials);
};
const folder = mkdtempSync(join(tmpdir(), "identity-"));
test.after.always(() => {
  rmSync(folder, { recursive: true });
});

interface Answered {
  status: number;
  text: string;
  headers: Headers;
}

interface Service {
  url: string;
  model: CloudModel;
  token(headers?: Record<string, string>): Promise<Answered>;
  get(path: string): Promise<Answered>;
}

async function answered(answer: Response): Promise<Answered> {
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
}

/** A service for one instance, whatever address asks, from the model that the test may replace. */
async function serve(t: ExecutionContext, model: CloudModel): Promise<Service> {
  const signer = await identitySigner(folder, "us-east-1");
  const service = { model } as Service;
  const facts = () => instanceFacts(service.model, INSTANCE_ID, { operator: KEY });
  const server = createMetadataService({ instance: facts, credentials, signer });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const token: Service["token"] = async (headers = { "x-aws-ec2-metadata-token-ttl-seconds": "60" }) =>
    answered(await fetch(`${url}/latest/api/token`, { method: "PUT", headers }));
  const get: Service["get"] = async (path) => {
    const headers = { "x-aws-ec2-metadata-token": (await token()).text };
    return answered(await fetch(`${url}${path}`, { headers }));
  };
  return Object.assign(service, { url, token, get });
}

test("without a token nothing is told, but that it is EC2", async (t) => {
  const { url } = await serve(t, cloudWith(instance()));
  for (const headers of [new Headers(), new Headers({ "x-aws-ec2-metadata-token": "made up" })]) {
    const {
      status,
      headers: got,
      text,
    } = await answered(await fetch(`${url}/latest/meta-data/`, { headers }));
    t.deepEqual([status, got.get("server"), text], [401, "EC2ws", ""]);
  }
});

test("a token wants a lifetime of one second to six hours, and no proxy on the way", async (t) => {
  const { url, token } = await serve(t, cloudWith(instance()));
  for (const ttl of [undefined, "0", "21601", "1.5", "-1", "soon", ""]) {
    const refused = await token(ttl === undefined ? {} : { "x-aws-ec2-metadata-token-ttl-seconds": ttl });
    t.deepEqual([refused.status, refused.headers.get("server")], [400, "EC2ws"], ttl);
  }
  t.is(
    (await token({ "x-aws-ec2-metadata-token-ttl-seconds": "60", "x-forwarded-for": "10.0.0.1" })).status,
    403,
  );
  t.is((await token({ "x-aws-ec2-metadata-token-ttl-seconds": "21600" })).status, 200);
  t.is((await token()).headers.get("x-aws-ec2-metadata-token-ttl-seconds"), "60");
  t.is((await fetch(`${url}/latest/api/token`)).status, 405);
});

test("a token ends with its time, and is no other instance's", (t) => {
  const tokens = new Tokens();
  const { token } = tokens.issue("i-1", "60", 0) ?? { token: "" };
  t.deepEqual([tokens.left("i-1", token, 59_000), tokens.left("i-1", token, 60_000)], [1, undefined]);
  t.is(tokens.left("i-2", token, 0), undefined);
});

test("whatever a listing names is there, at every version", async (t) => {
  const tagged = instance({
    metadataOptions: { ...instance().metadataOptions, instanceMetadataTags: "enabled" },
  });
  const { get } = await serve(t, cloudWith(tagged));
  const seen: string[] = [];
  const walk = async (path: string): Promise<void> => {
    const { status, text } = await get(path);
    t.is(status, 200, path);
    seen.push(path);
    if (!path.endsWith("/")) return;
    for (const name of text.split("\n").filter((one) => one !== "")) {
      await walk(`${path}${name.replace(/^(\d+)=.*$/, "$1/")}`);
    }
  };
  for (const version of ["2009-04-04", "2021-03-23", "latest"]) {
    t.true((await get("/")).text.split("\n").includes(version));
    await walk(`/${version}/meta-data/`);
    await walk(`/${version}/dynamic/`);
    t.deepEqual((await get(`/${version}/`)).text, "dynamic\nmeta-data\nuser-data");
  }
  for (const path of [
    ...["public-keys/0/openssh-key", "iam/security-credentials/node", "iam/info", "tags/instance/Lab"],
    ...["network/interfaces/macs/02:00:00:00:00:02/device-number", "placement/region", "services/domain"],
  ]) {
    t.true(seen.includes(`/2021-03-23/meta-data/${path}`), path);
  }
  t.true(seen.includes("/2021-03-23/dynamic/instance-identity/rsa2048"));
});

test("what programs ask for by name", async (t) => {
  const { get } = await serve(t, cloudWith(instance()));
  const own = "/latest/meta-data";
  const text = async (path: string): Promise<string> => (await get(path)).text;
  t.is(await text(`${own}/instance-id`), INSTANCE_ID);
  t.is(await text("/latest/user-data"), "#cloud-config\n");
  t.is(await text(`${own}/public-keys/`), "0=operator");
  t.is(await text(`${own}/public-keys/0/openssh-key`), KEY);
  t.is(await text(`${own}/mac`), "02:00:00:00:00:01", "the primary interface's");
  const macs = `${own}/network/interfaces/macs`;
  t.is(await text(`${macs}/`), "02:00:00:00:00:01/\n02:00:00:00:00:02/");
  t.is(await text(`${macs}/02:00:00:00:00:01/local-ipv4s`), "10.0.0.10\n10.0.0.11");
  t.is(await text(`${macs}/02:00:00:00:00:01/subnet-ipv4-cidr-block`), "10.0.0.0/24");
  t.is(await text(`${macs}/02:00:00:00:00:01/vpc-ipv4-cidr-blocks`), "10.0.0.0/16");
  t.is(await text(`${macs}/02:00:00:00:00:01/security-groups`), "nodes");
  t.is(await text(`${own}/dynamic/nothing`), await text("/latest/meta-data/nothing"));
  for (const path of [`${own}/nothing`, `${own}/tags/`, "/2000-01-01/meta-data/", `${own}/instance-id/`]) {
    t.is((await get(path)).status, 404, path);
  }
});

test("interfaces that come and go are seen at the next request", async (t) => {
  const service = await serve(t, cloudWith(instance(), 1));
  const path = "/latest/meta-data/network/interfaces/macs/";
  t.is((await service.get(path)).text, "02:00:00:00:00:01/");
  service.model = cloudWith(instance(), 2);
  t.is((await service.get(path)).text, "02:00:00:00:00:01/\n02:00:00:00:00:02/");
});

test("user data that is no text arrives as it was given, and none is 404", async (t) => {
  const zipped = Buffer.from([0x1f, 0x8b, 0x08, 0x00, 0xff, 0xfe]);
  const service = await serve(t, cloudWith(instance({ userData: zipped.toString("base64") })));
  const headers = { "x-aws-ec2-metadata-token": (await service.token()).text };
  const answer = await fetch(`${service.url}/latest/user-data`, { headers });
  t.deepEqual(Buffer.from(await answer.arrayBuffer()), zipped);
  service.model = cloudWith(instance({ userData: "" }));
  t.is((await service.get("/latest/user-data")).status, 404);
});

test("the role's credentials are the same ones until the role is another", async (t) => {
  const service = await serve(t, cloudWith(instance()));
  const key = async (role: string): Promise<string> => {
    const { text } = await service.get(`/latest/meta-data/iam/security-credentials/${role}`);
    return (JSON.parse(text) as ImdsCredentials).AccessKeyId;
  };
  const first = await key("node");
  t.is(await key("node"), first);
  service.model = cloudWith(instance({ role: "other" }));
  t.not(await key("other"), first);
  t.is((await service.get("/latest/meta-data/iam/security-credentials/node")).status, 404);
  service.model = cloudWith(instance({ role: "", instanceProfile: "" }));
  t.is((await service.get("/latest/meta-data/iam/")).status, 404);
});

test("an endpoint that is switched off refuses all", async (t) => {
  const off = { ...instance().metadataOptions, httpEndpoint: "disabled" };
  const { url, token } = await serve(t, cloudWith(instance({ metadataOptions: off })));
  t.is((await token()).status, 403);
  t.is((await fetch(`${url}/latest/meta-data/`)).status, 403);
});

test("nobody answers an address that no instance of the VPC has", async (t) => {
  const cloud = cloudWith(instance());
  t.is(instanceAt(cloud, VPC_ID, "10.0.1.10"), INSTANCE_ID, "any of its interfaces");
  t.is(instanceAt(cloud, "vpc-0000000000000000f", "10.0.1.10"), undefined);
  t.is(instanceAt(cloud, VPC_ID, "192.168.10.1"), undefined);
  const server = createMetadataService({ instance: () => undefined, credentials });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => server.close());
  await t.throwsAsync(fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`));
});

test("the identity document is signed by the region's certificate, in each of the three ways", async (t) => {
  const { get } = await serve(t, cloudWith(instance()));
  const own = "/latest/dynamic/instance-identity";
  const document = (await get(`${own}/document`)).text;
  t.like(JSON.parse(document), {
    instanceId: INSTANCE_ID,
    accountId: "123456789012",
    privateIp: "10.0.0.10",
  });
  const { certificateFile } = await identitySigner(folder, "us-east-1");
  const { publicKey } = new X509Certificate(readFileSync(certificateFile));
  const { text: signature } = await get(`${own}/signature`);
  t.true(createVerify("sha256").update(document).verify(publicKey, signature, "base64"));
  t.false(createVerify("sha256").update(`${document} `).verify(publicKey, signature, "base64"));
  for (const name of ["pkcs7", "rsa2048"]) {
    const { text } = await get(`${own}/${name}`);
    const file = join(folder, name);
    writeFileSync(file, `-----BEGIN PKCS7-----\n${text}\n-----END PKCS7-----\n`);
    // As in the EC2 User Guide, "Verify an instance identity document".
    const verify = ["smime", "-verify", "-in", file, "-inform", "PEM", "-certfile", certificateFile];
    const options = { encoding: "utf8" as const, stdio: "pipe" as const };
    t.is(execFileSync("openssl", [...verify, "-noverify", "-nointern"], options), document);
    execFileSync(
      "openssl",
      [
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=other",
        "-keyout",
        `${file}.key`,
        "-out",
        `${file}.pem`,
      ],
      options,
    );
    const other = [...verify.slice(0, -1), `${file}.pem`, "-noverify", "-nointern"];
    t.not(spawnSync("openssl", other).status, 0, "another certificate");
  }
});
