import { type CloudModel, readModel, subscribe } from "../../model";
import type { CloudSettings } from "../settings";
import type { AuditEntry, ChangeEvent, Fault, FaultSpec, Health, ImdsCredentials } from "./types";

/** The powers over the offline cloud that AWS has and its API does not offer. */
export class CloudAdmin {
  /** @param url of the cloud, such as `http://127.0.0.1:4566` */
  constructor(private readonly url: string) {}

  /** Also answers when the fake AWS is dead (`ok` is false then). @throws if nothing listens */
  async health(): Promise<Health> {
    return (await this.send("GET", "health", undefined, [503])) as Health;
  }

  /** The calls after number `n`. */
  async audit(n = 0): Promise<AuditEntry[]> {
    return (await this.send("GET", `audit?since=${n}`)) as AuditEntry[];
  }

  async setFault(fault: FaultSpec): Promise<Fault> {
    return (await this.send("POST", "faults", fault)) as Fault;
  }

  async faults(): Promise<Fault[]> {
    return (await this.send("GET", "faults")) as Fault[];
  }

  /** Removes one fault, or all. */
  async clearFaults(id?: string): Promise<void> {
    await this.send("DELETE", id === undefined ? "faults" : `faults/${id}`);
  }

  async settings(): Promise<CloudSettings> {
    return (await this.send("GET", "settings")) as CloudSettings;
  }

  async changeSettings(change: Partial<CloudSettings>): Promise<CloudSettings> {
    return (await this.send("PUT", "settings", change)) as CloudSettings;
  }

  /** Forgets everything that was created. */
  async reset(): Promise<void> {
    await this.send("POST", "reset");
  }

  /** Lets the status checks of an instance fail, or pass again. */
  async impair(instanceId: string, impaired = true): Promise<void> {
    await this.send(impaired ? "POST" : "DELETE", `instances/${instanceId}/impair`);
  }

  /** Fresh credentials of the instance's role, as its metadata service answers them. */
  async instanceCredentials(instanceId: string): Promise<ImdsCredentials> {
    return (await this.send("GET", `instances/${instanceId}/credentials`)) as ImdsCredentials;
  }

  /**
   * Calls `listener` for every change from now on. Resolves once subscribed, to a function that ends it.
   *
   * @param ended is called if the cloud ends it
   */
  subscribe(listener: (event: ChangeEvent) => void, ended?: () => void): Promise<() => void> {
    return subscribe(this.url, listener, ended);
  }

  /** What is in a region, decoded. */
  model(region: string): Promise<CloudModel> {
    return readModel(this.url, region);
  }

  private async send(
    method: string,
    path: string,
    body?: unknown,
    alsoFine: number[] = [],
  ): Promise<unknown> {
    const answer = await fetch(`${this.url}/_cloud/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const value: unknown = await answer.json();
    if (answer.ok || alsoFine.includes(answer.status)) return value;
    const found = (value as { error?: string }).error ?? `HTTP ${answer.status}`;
    throw new Error(`Asking the offline cloud for ${method} /_cloud/${path}: ${found}`);
  }
}
