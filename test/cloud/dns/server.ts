/** UDP and TCP around a resolver. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import type { Transport } from "./message";

/** @returns undefined to stay silent */
export type AnswerTo = (query: Buffer, transport: Transport, client: string) => Buffer | undefined;

export interface DnsServer {
  readonly port: number;
  close(): Promise<void>;
}

/** A client that says nothing is not waited for longer, in milliseconds. */
const IDLE_MS = 10_000;
/** Clients at a time over TCP; more are closed at once. */
const MOST_CONNECTIONS = 150;

/**
 * Listens on UDP and TCP of the addresses. Each has sockets of its own, so that an answer comes from the address that was
 * asked.
 *
 * @param port 0 for any that is free (the same for all)
 * @throws if an address is not this machine's, or the port is taken
 */
export async function serveDns(
  addresses: readonly string[],
  port: number,
  answer: AnswerTo,
): Promise<DnsServer> {
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(closers.map((one) => one()));
  };
  try {
    let chosen = port;
    for (const address of addresses) {
      chosen = await listenTcp(address, chosen, answer, closers);
      await listenUdp(address, chosen, answer, closers);
    }
    return { port: chosen, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function listenUdp(
  address: string,
  port: number,
  answer: AnswerTo,
  closers: (() => Promise<void>)[],
): Promise<void> {
  const socket = createSocket("udp4");
  closers.push(() => new Promise((resolve) => socket.close(resolve)));
  socket.on("message", (query, from) => {
    const reply = attempt(() => answer(query, "udp", from.address));
    // A client that is gone by now: UDP promises it nothing.
    if (reply !== undefined) socket.send(reply, from.port, from.address, reportLost);
  });
  socket.bind(port, address);
  await once(socket, "listening");
}

async function listenTcp(
  address: string,
  port: number,
  answer: AnswerTo,
  closers: (() => Promise<void>)[],
): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    readMessages(socket, (query) => {
      const reply = attempt(() => answer(query, "tcp", socket.remoteAddress ?? ""));
      if (reply === undefined) socket.destroy();
      else socket.write(Buffer.concat([lengthOf(reply), reply]));
    });
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.listen(port, address);
  await once(server, "listening");
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  return (server.address() as AddressInfo).port;
}

/** Messages over TCP have their length before them, two octets (RFC 1035, section 4.2.2). */
function readMessages(socket: Socket, take: (message: Buffer) => void): void {
  let buffered: Buffer = Buffer.alloc(0);
  socket.on("data", (chunk) => {
    buffered = Buffer.concat([buffered, chunk]);
    while (buffered.length >= 2 && buffered.length >= 2 + buffered.readUInt16BE(0)) {
      const end = 2 + buffered.readUInt16BE(0);
      take(buffered.subarray(2, end));
      buffered = buffered.subarray(end);
    }
  });
}

function lengthOf(reply: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(reply.length);
  return length;
}

/** A fault of the resolver's own is told in its log and costs one answer, not the server. */
function attempt(task: () => Buffer | undefined): Buffer | undefined {
  try {
    return task();
  } catch (error) {
    console.error("The VPC's resolver failed:", error);
    return undefined;
  }
}

function reportLost(error: Error | null): void {
  if (error !== null) console.error(`An answer of the VPC's resolver was not sent: ${error.message}`);
}
