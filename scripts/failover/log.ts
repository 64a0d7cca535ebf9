/** Who failed what over, from where to where and why: a line of the stack's history, and one of a log file. */
import * as fs from "node:fs";
import { hostname } from "node:os";
import * as path from "node:path";
import { userName } from "../lib/patience";

export interface Entry {
  readonly stack: string;
  readonly service: string;
  readonly from?: string;
  readonly to: string;
  /** `moved`, `already there`, or how it failed. */
  readonly outcome: string;
  /** Why somebody wanted it. */
  readonly reason?: string;
  /** Why it was not done. */
  readonly refusals?: readonly string[];
}

const who = (): string => `${userName()}@${hostname()}`;

/** What Pulumi's history shows as the update's message. */
export function historyMessage(service: string, to: string, reason?: string): (from?: string) => string {
  const why = reason === undefined ? "" : `: ${reason}`;
  return (from) =>
    `Failover of ${service} from ${from ?? "(no single node)"} to ${to}, asked for by ${who()}${why}`;
}

/** Values of these must not be written to any file; a failing call's message might repeat one. */
const secretVariables = [
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "PULUMI_ACCESS_TOKEN",
  "PULUMI_CONFIG_PASSPHRASE",
];

function withoutSecrets(text: string, env: NodeJS.ProcessEnv): string {
  const values = secretVariables.map((name) => env[name] ?? "").filter((value) => value.length > 7);
  return values.reduce((cleaned, value) => cleaned.replaceAll(value, "[secret]"), text);
}

/** A failover is not worth less because its log can't be written: that is said, and no more. */
export function log(
  directory: string,
  entry: Entry,
  env: NodeJS.ProcessEnv,
  report: (line: string) => void,
): void {
  const file = path.join(directory, "failovers.jsonl");
  const line = JSON.stringify({ time: new Date().toISOString(), user: who(), ...entry });
  try {
    fs.mkdirSync(directory, { recursive: true });
    fs.appendFileSync(file, `${withoutSecrets(line, env)}\n`, { mode: 0o600 });
  } catch (error) {
    report(`warning: the failover could not be written to ${file}: ${(error as Error).message}`);
  }
}
