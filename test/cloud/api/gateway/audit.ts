import { closeSync, openSync, writeSync } from "node:fs";
import type { AuditEntry } from "../admin/types";
import type { Params } from "./params";

const KEPT = 20_000;
const LONGEST_VALUE = 512;
const SECRET = /secret|password|(session|security)token|privatekey|keymaterial|signature|credential/i;
const NOT_SECRET = /^(ClientToken|IdempotencyToken|NextToken)$/i;

/** Every call, in memory and, if a path is given, as one JSON object a line. */
export class Audit {
  private entries: AuditEntry[] = [];
  private last = 0;
  private readonly file: number | undefined;

  /** @throws if the file cannot be opened for appending */
  constructor(path?: string) {
    this.file = path === undefined ? undefined : openSync(path, "a", 0o600);
  }

  add(entry: Omit<AuditEntry, "n">): void {
    this.last += 1;
    const numbered: AuditEntry = { n: this.last, ...entry };
    this.entries.push(numbered);
    if (this.entries.length > 2 * KEPT) this.entries = this.entries.slice(-KEPT);
    if (this.file !== undefined) writeSync(this.file, `${JSON.stringify(numbered)}\n`);
  }

  /** Entries after number `n`, of those that are still in memory. */
  since(n: number): AuditEntry[] {
    const first = this.entries[0]?.n ?? 1;
    return this.entries.slice(Math.max(0, n + 1 - first));
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
  }
}

/** The parameters as they are logged: without secrets, and long values cut. */
export function loggable(params: Params): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => {
      if (SECRET.test(name) && !NOT_SECRET.test(name)) return [name, "(left out)"];
      const cut =
        value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}… (${value.length})` : value;
      return [name, cut];
    }),
  );
}
