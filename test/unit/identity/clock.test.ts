/** EC2 has one word, RequestExpired, for a session that is over and for a clock that is off: the real SDK, and our retry. */
import test, { type ExecutionContext } from "ava";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { awsContext } from "../../../components/failover/core/context";
import { kindOf } from "../../../components/failover/core/errors";
import { deadlineIn, persist } from "../../../components/failover/core/retry";

process.env.AWS_ACCESS_KEY_ID = "AKIATEST";
process.env.AWS_SECRET_ACCESS_KEY = "x";

const refusal =
  "<Response><Errors><Error><Code>RequestExpired</Code><Message>Request has expired.</Message></Error></Errors></Response>";
const answer = "<DescribeVpcsResponse><vpcSet/></DescribeVpcsResponse>";
const hours = 3_600_000;

/** When the request says that it was signed. */
function signedAt(header: string | string[] | undefined): number {
  return Date.parse(String(header).replace(/^(\d{4})(..)(..)T(..)(..)(..)Z$/, "$1-$2-$3T$4:$5:$6Z"));
}

/** A look at an AWS whose clock is as far ahead, which refuses what is more than 5 minutes off, or everything. */
async function look(t: ExecutionContext, ahead: number, always: boolean) {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    const now = Date.now() + ahead;
    const inTime = Math.abs(signedAt(request.headers["x-amz-date"]) - now) < 300_000;
    response.sendDate = false;
    response.writeHead(inTime && !always ? 200 : 400, { Date: new Date(now).toUTCString() });
    response.end(inTime && !always ? answer : refusal);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => server.close());
  process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ec2 = await awsContext().ec2("us-east-1");
  const call = persist((options) => ec2.describeVpcs({}, options), { deadline: deadlineIn(20), perCall: 5 });
  const result = await call.then(
    () => "answered",
    (error: unknown) => `${(error as Error).name}, ${kindOf(error)}`,
  );
  return { requests, result };
}

test.serial("a session that is over is not tried again", async (t) => {
  t.deepEqual(await look(t, 0, true), { requests: 1, result: "RequestExpired, denied" });
});

test.serial("a clock that is off is put right by the reply, and the second attempt passes", async (t) => {
  t.deepEqual(await look(t, 2 * hours, false), { requests: 2, result: "answered" });
});

test.serial(
  "a session that is over, on a machine whose clock is off, is found out by the second attempt",
  async (t) => {
    t.deepEqual(await look(t, -2 * hours, true), { requests: 2, result: "RequestExpired, denied" });
  },
);
