/** Sends requests at a steady pace, as a client that wants one short answer each time would. */
import { Resolver } from "node:dns/promises";
import { request } from "node:http";
import { isIPv4 } from "node:net";
import { monotonic, type Request } from "./answers";

export interface ProbeTarget {
  /** An address, or a name that is looked up for each request. */
  readonly host: string;
  readonly port: number;
  /** Name servers that are asked, if it is a name. */
  readonly nameServers: readonly string[];
  /** Milliseconds from one request to the next. */
  readonly everyMs: number;
  /** Milliseconds after which a request is given up. */
  readonly deadlineMs: number;
  /** Requests at a time; while all are waiting, none is sent. */
  readonly most: number;
}

/**
 * Sends requests until `stop` is called.
 *
 * @param ended is told of each request as soon as it is answered or lost
 * @returns a function that stops sending, and resolves when nothing is under way any more
 */
export function sendRequests(target: ProbeTarget, ended: (one: Request) => void): () => Promise<void> {
  const resolver = new Resolver({ timeout: Math.min(1000, target.deadlineMs), tries: 3 });
  if (target.nameServers.length > 0) resolver.setServers(target.nameServers);
  const underWay = new Set<Promise<void>>();
  const timer = setInterval(() => {
    if (underWay.size >= target.most) return;
    const sent = monotonic();
    const one = ask(target, resolver)
      .then(
        (by): Request => ({ sent, ended: monotonic(), by }),
        (error: unknown): Request => ({ sent, ended: monotonic(), error: reasonOf(error) }),
      )
      .then(ended)
      .finally(() => underWay.delete(one));
    underWay.add(one);
  }, target.everyMs);
  return async () => {
    clearInterval(timer);
    await Promise.all(underWay);
  };
}

/** One request: who answers. */
async function ask(target: ProbeTarget, resolver: Resolver): Promise<string> {
  const { host, port, deadlineMs } = target;
  const abort = new AbortController();
  const timer = setTimeout(() => {
    abort.abort(new Error(`no answer in ${deadlineMs} ms`));
  }, deadlineMs);
  try {
    const address = isIPv4(host) ? host : await within(resolver.resolve4(host), abort.signal);
    const [first] = typeof address === "string" ? [address] : address;
    if (first === undefined) throw new Error("the name has no address");
    return await get(first, port, abort.signal);
  } finally {
    clearTimeout(timer);
  }
}

/** A promise that ends with the signal at the latest. */
function within<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => {
      reject(signal.reason as Error);
    });
    promise.then(resolve, reject);
  });
}

function get(host: string, port: number, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      reject(signal.aborted ? (signal.reason as Error) : error);
    };
    // Each request is a connection of its own: a kept one would stay with the node that it was made to.
    const outgoing = request({ host, port, agent: false, signal }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      answer.on("error", fail);
      answer.on("end", () => {
        if (answer.statusCode === 200) resolve(text.trim());
        else reject(new Error(`HTTP ${String(answer.statusCode)}`));
      });
    });
    outgoing.on("error", fail);
    outgoing.end();
  });
}

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  const text = error instanceof Error ? error.message : String(error);
  return code === undefined || code === "ABORT_ERR" ? text : code;
}
