import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { answerAdmin } from "../admin/api";
import type { Gateway } from "./gateway";
import { jsonReply, type Reply } from "./reply";

const LARGEST_BODY = 8 * 1024 * 1024;
const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/**
 * Listens on 127.0.0.1, on the preferred port or, if that is in use, on a free one.
 *
 * @throws if neither works
 */
export async function listen(gateway: Gateway, preferred: number): Promise<{ server: Server; port: number }> {
  const server = createServer((request, response) => {
    serve(gateway, request, response).catch((error: unknown) => {
      console.error("The offline cloud could not answer a request:", error);
      response.destroy();
    });
  });
  server.keepAliveTimeout = 60_000;
  await open(server, preferred).catch((error: NodeJS.ErrnoException) => {
    if (preferred === 0 || (error.code !== "EADDRINUSE" && error.code !== "EACCES")) throw error;
    return open(server, 0);
  });
  return { server, port: (server.address() as AddressInfo).port };
}

function open(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
}

async function serve(gateway: Gateway, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? "/";
  if (isForeign(request)) {
    send(response, jsonReply({ error: "Requests from web pages and for other hosts are refused" }, 403));
    return;
  }
  const body = await readBody(request);
  if (path.startsWith("/_cloud/")) {
    const reply = await answerAdmin(gateway, request.method ?? "GET", path, body, response);
    if (reply !== undefined) send(response, reply);
    return;
  }
  const outcome = await gateway.handle({
    method: request.method ?? "GET",
    path,
    headers: request.headers,
    body,
  });
  if (outcome === undefined) request.socket.destroy();
  else send(response, outcome);
}

/** A browser sends Origin or Sec-Fetch-Site across sites; a name rebound to 127.0.0.1 shows in Host. */
function isForeign(request: IncomingMessage): boolean {
  const { host = "", origin } = request.headers;
  const site = request.headers["sec-fetch-site"];
  return !LOOPBACK.test(host) || origin !== undefined || (site !== undefined && site !== "none");
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY) throw new Error(`a request is larger than ${LARGEST_BODY} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function send(response: ServerResponse, reply: Reply): void {
  response.writeHead(reply.status, { ...reply.headers, "content-length": Buffer.byteLength(reply.body) });
  response.end(reply.body);
}
