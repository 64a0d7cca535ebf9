/** The small metadata service: version 2 only, as EC2's answers. */
import type { AddressInfo } from "node:net";
import test from "ava";
import type { ImdsCredentials } from "../../cloud/api";
import { createImds, type ImdsFacts } from "../../cloud/api/imds";

const FACTS: ImdsFacts = {
  instanceId: "i-00000000000000001",
  imageId: "ami-00000000000000001",
  instanceType: "t3.micro",
  accountId: "123456789012",
  region: "us-east-1",
  availabilityZone: "us-east-1a",
  privateDnsName: "ip-10-0-1-10.ec2.internal",
  role: "node",
  interfaces: [
    {
      id: "eni-00000000000000001",
      mac: "02:00:00:00:00:01",
      deviceIndex: 0,
      addresses: ["10.0.1.10", "10.0.1.11"],
      subnetId: "subnet-00000000000000001",
      vpcId: "vpc-00000000000000001",
    },
  ],
};
const CREDENTIALS = { Code: "Success", AccessKeyId: "ASIA", Token: "token" } as ImdsCredentials;

let url = "";
const server = createImds(FACTS, () => Promise.resolve(CREDENTIALS));
test.before(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
test.after.always(() => server.close());

const askToken = (headers: Record<string, string>) =>
  fetch(`${url}/latest/api/token`, { method: "PUT", headers });

async function get(path: string): Promise<{ status: number; text: string }> {
  const token = await (await askToken({ "x-aws-ec2-metadata-token-ttl-seconds": "60" })).text();
  const answer = await fetch(`${url}${path}`, { headers: { "x-aws-ec2-metadata-token": token } });
  return { status: answer.status, text: await answer.text() };
}

test("without a token nothing is told, but that it is EC2", async (t) => {
  for (const headers of [new Headers(), new Headers({ "x-aws-ec2-metadata-token": "made up" })]) {
    const answer = await fetch(`${url}/latest/meta-data/instance-id`, { headers });
    t.deepEqual([answer.status, answer.headers.get("server"), await answer.text()], [401, "EC2ws", ""]);
  }
});

test("a token wants a lifetime of at most six hours, and no proxy on the way", async (t) => {
  t.is((await askToken({})).status, 400);
  t.is((await askToken({ "x-aws-ec2-metadata-token-ttl-seconds": "21601" })).status, 400);
  const proxied = { "x-aws-ec2-metadata-token-ttl-seconds": "60", "x-forwarded-for": "10.0.0.1" };
  t.is((await askToken(proxied)).status, 403);
  const answer = await askToken({ "x-aws-ec2-metadata-token-ttl-seconds": "60" });
  t.is(answer.headers.get("x-aws-ec2-metadata-token-ttl-seconds"), "60");
});

test("a branch lists what is below it, a leaf tells its value, anything else is missing", async (t) => {
  t.deepEqual(await get("/latest/meta-data/instance-id"), { status: 200, text: FACTS.instanceId });
  t.is((await get("/latest/meta-data/network/interfaces/macs/")).text, "02:00:00:00:00:01/");
  const own = "/latest/meta-data/network/interfaces/macs/02:00:00:00:00:01";
  t.is((await get(`${own}/interface-id`)).text, "eni-00000000000000001");
  t.is((await get(`${own}/local-ipv4s`)).text, "10.0.1.10\n10.0.1.11");
  t.is((await get("/latest/meta-data/nothing")).status, 404);
});

test("the role is listed, and its credentials are handed out", async (t) => {
  t.is((await get("/latest/meta-data/iam/security-credentials/")).text, "node");
  t.deepEqual(JSON.parse((await get("/latest/meta-data/iam/security-credentials/node")).text), CREDENTIALS);
  t.is((await get("/latest/meta-data/iam/security-credentials/other")).status, 404);
});
