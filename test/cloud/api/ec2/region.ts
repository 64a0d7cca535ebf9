import { setTimeout as pause } from "node:timers/promises";
import { AwsError } from "../gateway/errors";
import type { Params } from "../gateway/params";
import type { Reply } from "../gateway/reply";
import { itemsAt, parseXml, textAt, type XmlElement } from "../gateway/xml";
import { corrected } from "./corrections";
import type { InstanceState, RegionState } from "./region-state";
import { changedKinds, SOURCES, ungrouped, type Kind } from "./sources";

/** What a region needs of the gateway. */
export interface RegionHost {
  /** Asks moto, as the lab's administrator. */
  send(service: string, region: string, action: string, params: Params): Promise<Reply>;
  /** Runs a change of AWS's own when no call is changing anything, and announces it. */
  change(region: string, resources: string[], task: () => Promise<void>): Promise<void>;
  readonly closed: AbortSignal;
}

/**
 * EC2 in one region as AWS would show it. moto holds the resources; this remembers its answers until something
 * changes, and adds what moto does not know: states on the way from one to another, and impaired status checks.
 */
export class Ec2Region implements RegionState {
  /** States that AWS still shows, by instance, while moto has the next one. */
  readonly passing = new Map<string, InstanceState>();
  /** Attachment states that AWS still shows, by interface. */
  readonly attachments = new Map<string, "attaching" | "detaching">();
  /** Since when the status checks of an instance are made to fail. */
  readonly impaired = new Map<string, string>();
  /** Instances whose status checks have not come to a result yet. */
  readonly initializing = new Set<string>();

  /** Static routes of transit gateways: attachment by route table and destination; empty for a black hole. */
  readonly transitRoutes = new Map<string, string>();

  /** The credit option that a burstable instance was given, by instance. */
  readonly credits = new Map<string, string>();

  /** Public keys, in the format of `authorized_keys`, by the name of their key pair. */
  readonly publicKeys = new Map<string, string>();

  /** How often an instance was started or rebooted since its launch. */
  readonly boots = new Map<string, number>();

  private readonly known = new Map<Kind, Promise<XmlElement[]>>();
  private readonly shown = new Map<Kind, Promise<XmlElement[]>>();
  private readonly answers = new Map<string, Promise<Reply>>();
  private readonly attributes = new Map<string, Promise<string>>();
  private readonly limits = new Map<string, Promise<number>>();
  private before = new Map<Kind, Promise<XmlElement[]>>();
  private changedAt = 0;

  constructor(
    readonly name: string,
    private readonly host: RegionHost,
  ) {}

  /** The resources of a kind as AWS shows them. Not to be changed by the caller. */
  list(kind: Kind): Promise<XmlElement[]> {
    return remembered(this.shown, kind, () => corrected(this, kind));
  }

  /** What `list` gave before the last change, as far as anybody had asked. */
  listBefore(kind: Kind): Promise<XmlElement[]> {
    return this.before.get(kind) ?? this.list(kind);
  }

  /** Whether the last change is younger than this. */
  changedWithin(ms: number): boolean {
    return Date.now() - this.changedAt < ms;
  }

  /** The resources of a kind as moto has them. */
  raw(kind: Kind): Promise<XmlElement[]> {
    return remembered(this.known, kind, () => this.load(kind));
  }

  /** moto's answer to a read that is passed on; the same until something changes. */
  answer(key: string, ask: () => Promise<Reply>): Promise<Reply> {
    return remembered(this.answers, key, ask);
  }

  /** Forgets what the action may have changed. */
  changed(action: string): void {
    this.before = new Map([...this.before, ...this.shown]);
    this.changedAt = Date.now();
    for (const kind of changedKinds(action)) this.known.delete(kind);
    // Whatever is shown may be built from more than one kind.
    this.shown.clear();
    this.answers.clear();
    if (/^Modify\w+Attribute$|^any$/.test(action)) this.attributes.clear();
  }

  /** moto's answer to an EC2 action. @throws AwsError if it is an error */
  async ask(action: string, params: Params): Promise<XmlElement> {
    const reply = await this.host.send("ec2", this.name, action, params);
    const document = parsed(reply, action);
    if (reply.status >= 400) {
      const error = textAt(document, "Response.Errors.Error.Code");
      throw new AwsError(error, textAt(document, "Response.Errors.Error.Message"), reply.status);
    }
    return document;
  }

  /** What an attribute that no describe shows is; the text at the path of moto's answer. */
  attribute(action: string, params: Params, path: string): Promise<string> {
    return remembered(this.attributes, JSON.stringify([action, params]), async () =>
      textAt((await this.ask(action, params))[`${action}Response`], path),
    );
  }

  /** Notes that an instance begins its life anew: what runs in it is another boot, and passes its status checks. */
  booted(instanceId: string): void {
    this.impaired.delete(instanceId);
    this.boots.set(instanceId, (this.boots.get(instanceId) ?? 0) + 1);
  }

  /** How many interfaces an instance of the type can have, or addresses each; without limit if moto knows none. */
  networkLimit(
    instanceType: string,
    of: "maximumNetworkInterfaces" | "ipv4AddressesPerInterface",
  ): Promise<number> {
    return remembered(this.limits, `${instanceType} ${of}`, async () => {
      const answer = await this.ask("DescribeInstanceTypes", { "InstanceType.1": instanceType });
      const [type] = itemsAt(answer.DescribeInstanceTypesResponse, "instanceTypeSet");
      const limit = Number(textAt(type, `networkInfo.${of}`));
      return limit > 0 ? limit : Infinity;
    });
  }

  /** Does something later, in its own time; at once (within the call) if the delay is 0. */
  async later(ms: number, resources: string[], task: () => Promise<void> | void): Promise<void> {
    const action = async (): Promise<void> => {
      await task();
      this.changed("StateChange");
    };
    if (ms === 0) {
      await action();
      return;
    }
    pause(ms, undefined, { signal: this.host.closed, ref: false })
      .then(() => this.host.change(this.name, resources, action))
      .catch((error: unknown) => {
        if (!this.host.closed.aborted)
          console.error(`The offline cloud failed to change ${resources.join()}:`, error);
      });
  }

  private async load(kind: Kind): Promise<XmlElement[]> {
    const [action, path] = SOURCES[kind];
    const items: XmlElement[] = [];
    let token = "";
    do {
      const answer = (await this.ask(action, token === "" ? {} : { NextToken: token }))[`${action}Response`];
      items.push(...itemsAt(answer, path));
      token = textAt(answer, "nextToken");
    } while (token !== "");
    return kind === "instances" ? ungrouped(items) : items;
  }
}

function parsed(reply: Reply, action: string): XmlElement {
  if (/^\s*<\?xml|^\s*<[A-Z]/.test(reply.body) && !/^<!doctype/i.test(reply.body))
    return parseXml(reply.body);
  const found = reply.body
    .replace(/<[^>]*>/g, " ")
    .trim()
    .slice(0, 300);
  throw new AwsError("InternalError", `moto failed at ${action} with HTTP ${reply.status}: ${found}`, 500);
}

/** The remembered promise, or a new one that is forgotten if it fails. */
function remembered<K, V>(memory: Map<K, Promise<V>>, key: K, load: () => Promise<V>): Promise<V> {
  const present = memory.get(key);
  if (present !== undefined) return present;
  const loading = load();
  memory.set(key, loading);
  loading.catch(() => {
    if (memory.get(key) === loading) memory.delete(key);
  });
  return loading;
}
