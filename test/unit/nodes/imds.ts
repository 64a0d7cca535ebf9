import { createServer } from "node:http";
import { type AddressInfo } from "node:net";
import { type ExecutionContext } from "ava";

/** An instance metadata service that knows IMDSv2 only; ends with the test. Returns its endpoint. */
export async function startImds(t: ExecutionContext, answers: Record<string, string>): Promise<string> {
  const server = createServer((request, response) => {
    const path = (request.url ?? "").replace(/^\/latest\//, "");
    if (request.method === "PUT" && path === "api/token") {
      response.setHeader("X-aws-ec2-metadata-token-ttl-seconds", "300");
      response.end("token");
      return;
    }
    const answer = answers[path.replace(/^meta-data\//, "").replace(/\/$/, "")];
    if (request.headers["x-aws-ec2-metadata-token"] !== "token") response.writeHead(401).end();
    else if (answer === undefined) response.writeHead(404).end();
    else response.end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What the script asks about the node itself. */
export function identity(networkInterfaceId: string, region: string): Record<string, string> {
  return {
    mac: "0a:00:00:00:00:01",
    "network/interfaces/macs/0a:00:00:00:00:01/interface-id": networkInterfaceId,
    "placement/region": region,
  };
}
