/** The outage of a failover as a client in the corporate network of a packet lab sees it. */
import * as fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fabricServes, hostProcess } from "../../test/cloud/fabric/daemon";
import { cloudStatus } from "../../test/cloud/daemon";
import { bundlePath } from "../../test/cloud/engine/bundle";
import { type Lab, labPaths } from "../../test/cloud/lab";
import { monotonic, type Request } from "../../test/cloud/probe/answers";
import { type Outage, outageOf } from "../../test/cloud/probe/outage";
import { startProbe } from "../../test/cloud/probe/probe";
import type { Watching } from "../failover/workspace";
import { report } from "./command";
import { deploymentOf } from "./state";
import type { ServiceOutput } from "./summary";

/** Host from which it is looked, and the port of the nodes' demo responder. */
const CLIENT = "client";
const PORT = 8080;
const EVERY_MS = 5;
/** How long the new node may take to answer after the failover: a name's TTL, and what resolvers need besides. */
const ANSWER_MS = 30_000;
/** For how long it goes on looking then: whether the old node answers again. */
const AFTER_MS = 500;

interface Watched extends Outage {
  /** Where it was looked from. */
  readonly client: string;
  /** What was asked. */
  readonly target: string;
  /** Seconds from the start of the command to the first answer of the node that has the service now. */
  readonly firstAnswer?: number;
  /** Every request, with times in milliseconds since the command's start. */
  readonly all: readonly Request[];
}

/** Begins to ask the service, if the lab has a client to ask from. @returns undefined in a lab without packets */
export async function watchOutage(lab: Lab, name: string): Promise<Watching | undefined> {
  const status = await cloudStatus(lab);
  if (status.state !== "running" || !fabricServes(lab, status.record)) return undefined;
  const pid = process.getuid?.() === 0 ? hostProcess(lab.directory, CLIENT) : undefined;
  const host = hostOf(lab, name);
  if (pid === undefined || host === undefined) {
    report(
      pid === undefined
        ? `warning: the outage is not measured: ${CLIENT} does not run, or you are not root.`
        : `warning: the outage is not measured: the stack has no output for ${name}.`,
    );
    return undefined;
  }
  const zero = monotonic() - process.uptime() * 1000;
  const target = {
    host,
    port: PORT,
    nameServers: nameServersOf(pid),
    everyMs: EVERY_MS,
    deadlineMs: 1000,
    most: 250,
  };
  const enter = ["nsenter", "--net", "--target", String(pid), "--"];
  const probe = startProbe(enter, bundlePath(labPaths(lab).bundles, "probe"), target);
  return {
    async end(node) {
      if (node !== undefined) {
        // Only answers since now: the node may have had the service before.
        const after = monotonic();
        if (await probe.until(({ by, sent }) => by === node && sent >= after, ANSWER_MS))
          await sleep(AFTER_MS);
      }
      const requests = await probe.end();
      const outage = outageOf(requests, zero);
      const first = outage.answered.find((one) => one.node === node)?.from;
      const watched: Watched = {
        ...{ client: CLIENT, target: `${host}:${PORT}`, ...outage },
        ...(first === undefined ? {} : { firstAnswer: first }),
        all: requests.map((one) => ({ ...one, sent: one.sent - zero, ended: one.ended - zero })),
      };
      return { json: outageAsJson(watched), text: outageAsText(watched, node) };
    },
  };
}

/** Where the stack's output says that the service is reached. */
function hostOf(lab: Lab, service: string): string | undefined {
  const stack = deploymentOf(lab)?.resources?.find(({ type }) => type === "pulumi:pulumi:Stack");
  const { services = {} } = (stack?.outputs ?? {}) as { services?: Record<string, ServiceOutput> };
  return services[service]?.name ?? services[service]?.address;
}

function nameServersOf(pid: number): string[] {
  const text = fs.readFileSync(`/proc/${pid}/root/etc/resolv.conf`, "utf8");
  return [...text.matchAll(/^nameserver\s+(\S+)/gm)].flatMap(([, server]) => server ?? []);
}

const rounded = (seconds: number): number => Math.round(seconds * 1000) / 1000;

/** For machines; times in seconds since the command's start. */
function outageAsJson(outage: Watched): unknown {
  const short = (key: string, value: unknown): unknown => {
    if (key === "all") return undefined;
    return typeof value === "number" ? rounded(value) : value;
  };
  return JSON.parse(JSON.stringify(outage, short));
}

/** For people. */
function outageAsText(outage: Watched, node = "the node"): string {
  const { client, target, requests, lost, firstLost = 0, lastLost = 0, longestGap, firstAnswer } = outage;
  const at = (seconds: number): string => `${seconds.toFixed(3)} s`;
  const what = `Seen from ${client}, which asked ${target} every ${EVERY_MS} ms (times since the command's start):`;
  const losses =
    lost === 0
      ? `none of ${requests} requests lost`
      : `${lost} of ${requests} requests lost, sent from ${at(firstLost)} to ${at(lastLost)}`;
  const gap = `the longest time without an answer was ${at(longestGap)}, from ${at(outage.longestGapFrom)} on`;
  const who = outage.answered.map(
    (one) => `${one.node} from ${at(one.from)} to ${at(one.to)} (${one.answers})`,
  );
  const missing =
    firstAnswer === undefined ? [`  ${node} has not answered ${client} within ${ANSWER_MS / 1000} s.`] : [];
  return [what, `  ${losses}; ${gap}.`, `  Answered: ${who.join(", ") || "nobody"}.`, ...missing].join("\n");
}
