import type { ServerResponse } from "node:http";
import type { ChangeEvent } from "../admin/types";

/** Tells subscribers what changed, as Server-Sent Events. */
export class Events {
  private count = 0;
  private readonly streams = new Set<ServerResponse>();

  /** Number of the last event. */
  get last(): number {
    return this.count;
  }

  publish(event: Omit<ChangeEvent, "n" | "time">): void {
    this.count += 1;
    const numbered: ChangeEvent = { n: this.count, time: new Date().toISOString(), ...event };
    const text = `id: ${numbered.n}\nevent: change\ndata: ${JSON.stringify(numbered)}\n\n`;
    for (const stream of this.streams) stream.write(text);
  }

  subscribe(response: ServerResponse): void {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    // Sent at once, so that the subscriber knows from when on it misses nothing.
    response.write(`event: ready\ndata: {"n":${this.last}}\n\n`);
    this.streams.add(response);
    response.on("close", () => this.streams.delete(response));
  }

  close(): void {
    for (const stream of this.streams) stream.end();
  }
}

const ID =
  /\b(?:vpc|subnet|rtb|rtbassoc|igw|nat|eni|eni-attach|eipalloc|eipassoc|sg|sgr|vpce|tgw|tgw-attach|tgw-rtb|dopt|i|rslvr-in|rslvr-out)-[0-9a-f]{8,}\b|\bZ0[0-9A-F]{18}\b/g;

/** The resource ids in a text (a call's parameters, a reply), each once. */
export function resourceIds(...texts: string[]): string[] {
  return [...new Set(texts.flatMap((text) => text.match(ID) ?? []))];
}
