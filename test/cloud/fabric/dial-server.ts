import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { readLine } from "./read-line";

/** Connects from within a network namespace, says so, and passes everything on. Arguments: host, port. */
const RELAY = `
const [host, port] = process.argv.slice(1);
const socket = require("node:net").connect({ host, port: Number(port), timeout: 15000 });
socket.once("connect", () => {
  socket.setTimeout(0);
  process.stdout.write("connected\\n");
  process.stdin.pipe(socket).pipe(process.stdout);
});
socket.once("timeout", () => socket.destroy(new Error("no answer within 15 s")));
socket.once("error", (error) => { process.stdout.write(error.message + "\\n"); process.exit(1); });
`;

/**
 * Lets programs of the machine connect to where a host of the corporate network can: they are its administrators' ones.
 * A client says `HOST PORT` and a line feed, and is answered `connected`, or why not.
 *
 * @param namespace network namespace of that host
 */
export function serveDial(socketFile: string, namespace: string): Promise<Server> {
  const server = createServer((client) => {
    client.on("error", () => client.destroy());
    readLine(client).then(
      (line) => relay(client, namespace, line),
      () => client.destroy(),
    );
  });
  fs.rmSync(socketFile, { force: true });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(socketFile, () => {
      fs.chmodSync(socketFile, 0o600);
      resolve(server);
    });
  });
}

function relay(client: Socket, namespace: string, line: string): void {
  const [host = "", port = ""] = line.split(" ");
  if (!/^[0-9.]+$/.test(host) || !/^\d+$/.test(port)) {
    client.end(`"${line}" is not an address and a port\n`);
    return;
  }
  const args = ["netns", "exec", namespace, process.execPath, "-e", RELAY, host, port];
  const child = spawn("ip", args, { stdio: ["pipe", "pipe", "inherit"] });
  child.once("error", (error) => client.end(`${error.message}\n`));
  // Whichever side ends ends the other; there is nobody else to tell.
  child.stdin.on("error", () => client.destroy());
  client.once("close", () => child.kill("SIGKILL"));
  client.pipe(child.stdin);
  child.stdout.pipe(client);
}
