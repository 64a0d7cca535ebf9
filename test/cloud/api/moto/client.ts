import { Agent, request } from "node:http";
import type { Call } from "../gateway/call";
import { CloudDied } from "../gateway/errors";
import type { Reply } from "../gateway/reply";
import type { Moto } from "./process";

/** Sends calls to moto over connections that stay open. */
export class MotoClient {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 8 });

  constructor(private readonly moto: Moto) {}

  /** moto's answer to the call; only what moto needs of the request's headers is sent along. */
  send(call: Call): Promise<Reply> {
    const death = this.moto.death();
    if (death !== undefined) return Promise.reject(new CloudDied(death));
    const { promise, resolve, reject } = defer<Reply>();
    const outgoing = request(
      {
        agent: this.agent,
        host: "127.0.0.1",
        port: this.moto.port,
        method: call.method,
        path: call.path,
        headers: { ...motoHeaders(call), "content-length": Buffer.byteLength(call.body) },
      },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("error", reject);
        answer.on("end", () => {
          const contentType = answer.headers["content-type"] ?? "text/xml";
          const location = answer.headers.location;
          resolve({
            status: answer.statusCode ?? 500,
            headers: { "content-type": contentType, ...(location === undefined ? {} : { location }) },
            body: Buffer.concat(chunks).toString("utf8"),
          });
        });
      },
    );
    outgoing.on("error", (error) => {
      // A closed connection is often noticed before the process's exit is.
      setTimeout(() => {
        const reason = this.moto.death();
        reject(reason === undefined ? error : new CloudDied(reason));
      }, 50);
    });
    outgoing.end(call.body);
    return promise;
  }

  /** Lets moto forget everything. */
  async reset(): Promise<void> {
    const answer = await fetch(`http://127.0.0.1:${this.moto.port}/moto-api/reset`, { method: "POST" });
    if (!answer.ok) throw new Error(`Resetting the fake AWS: moto answered with HTTP ${answer.status}`);
  }

  close(): void {
    this.agent.destroy();
  }
}

/** moto reads the service, the region and the account from the credential scope; the signature is not looked at. */
function motoHeaders(call: Call): Record<string, string> {
  const scope = `${call.motoAccessKey ?? "AKIAFAILOVERLAB00000"}/20260101/${call.region}/${call.service}/aws4_request`;
  const headers: Record<string, string> = {
    authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
  };
  for (const name of ["content-type", "x-amz-target", "accept"]) {
    const value = call.headers[name];
    if (typeof value === "string") headers[name] = value;
  }
  return headers;
}

function defer<T>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (reason: unknown) => void;
} {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
