import * as fs from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { Breakage } from "./plan/breakage";

export interface HostReport {
  readonly key: string;
  readonly name: string;
  readonly state: string;
  readonly zone: string;
  /** Why it failed; empty if it did not. */
  readonly reason: string;
}

export interface FabricReport {
  readonly hosts: readonly HostReport[];
  readonly breakages: readonly Breakage[];
  /** Number of the last change of the cloud that is in the kernel. */
  readonly n: number;
  /** When the kernel's state last became another one, in milliseconds since 1970. */
  readonly appliedAt: number;
}

/** What can be asked of the fabric, and told it. */
export interface Controlled {
  report(): FabricReport;
  /** @throws if there is no such host or zone, with those that there are */
  break(breakage: Breakage): Promise<void>;
  heal(): Promise<void>;
  console(host: string): Promise<string>;
  corporateChanged(): Promise<void>;
}

/** Serves on a socket that only its owner can use. */
export function serveControl(fabric: Controlled, socket: string): Promise<Server> {
  const server = createServer((request, response) => {
    answer(fabric, request)
      .then(
        (value) => ({ status: 200, value }),
        (error: unknown) => ({
          status: 400,
          value: { error: error instanceof Error ? error.message : String(error) },
        }),
      )
      .then(({ status, value }) => {
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify(value));
      }, console.error);
  });
  fs.rmSync(socket, { force: true });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(socket, () => {
      fs.chmodSync(socket, 0o600);
      resolve(server);
    });
  });
}

async function answer(fabric: Controlled, request: IncomingMessage): Promise<unknown> {
  const url = new URL(request.url ?? "/", "http://localhost");
  let body = "";
  for await (const chunk of request) body += String(chunk);
  switch (`${request.method ?? ""} ${url.pathname}`) {
    case "GET /report":
      return fabric.report();
    case "GET /console":
      return { text: await fabric.console(url.searchParams.get("host") ?? "") };
    case "POST /break":
      await fabric.break(JSON.parse(body) as Breakage);
      return {};
    case "POST /heal":
      await fabric.heal();
      return {};
    case "POST /corporate":
      await fabric.corporateChanged();
      return {};
    default:
      throw new Error(`There is no ${request.method ?? ""} ${url.pathname}`);
  }
}
