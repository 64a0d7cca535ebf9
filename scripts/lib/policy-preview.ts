/** One preview with the policy pack, and what the pack said in it. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { runProgram } from "./processes";

export interface PreviewArgs {
  readonly pulumi: string;
  readonly root: string;
  readonly stack: string;
  readonly env: NodeJS.ProcessEnv;
  /** File with the pack's configuration. @default the rules' own defaults */
  readonly config?: string;
  /** Folder of the policy pack. @default the checkout's own */
  readonly pack?: string;
  /** Folder of the Pulumi.yaml. @default the checkout */
  readonly project?: string;
  /** Whether Pulumi's own display is left out. */
  readonly quiet: boolean;
}

export interface PolicyMessage {
  readonly rule: string;
  readonly level: string;
  /** Name and type of the resource; undefined: the whole stack. */
  readonly resource?: string;
  readonly type?: string;
  readonly message: string;
}

export interface PolicyReport {
  /** Whether the preview succeeded without a violation. */
  readonly ok: boolean;
  readonly stack: string;
  readonly violations: readonly PolicyMessage[];
  readonly advisories: readonly PolicyMessage[];
  /** Why the preview failed, if not because of a violation. */
  readonly failure?: string;
  readonly seconds: number;
}

interface PolicyEvent {
  readonly policyEvent?: {
    readonly policyName: string;
    readonly enforcementLevel: string;
    readonly resourceUrn?: string;
    readonly message: string;
  };
  readonly diagnosticEvent?: { readonly severity: string; readonly message: string };
}

const colours = /<\{%[^%]*%\}>|\u001b\[[0-9;]*m/g;

export async function previewWithPolicies(args: PreviewArgs): Promise<PolicyReport> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "failover-lab-policy-"));
  const log = path.join(folder, "events.jsonl");
  try {
    const started = performance.now();
    const config = args.config === undefined ? [] : ["--policy-pack-config", args.config];
    const pack = ["--policy-pack", args.pack ?? path.join(args.root, "policy"), ...config];
    const { code, stdout, stderr } = await runProgram(
      args.pulumi,
      ["preview", "--stack", args.stack, ...pack, "--event-log", log, "--non-interactive"],
      // The flag --event-log is one that the CLI shows to those only who ask for its debugging commands.
      {
        cwd: args.project ?? args.root,
        env: { ...args.env, PULUMI_DEBUG_COMMANDS: "true" },
        output: args.quiet ? "capture" : "inherit",
      },
    );
    const seconds = Math.round(performance.now() - started) / 1000;
    const events = fs.existsSync(log) ? readLog(fs.readFileSync(log, "utf8")) : [];
    const messages = events.flatMap(policyMessage);
    const violations = messages.filter((message) => message.level === "mandatory");
    const advisories = messages.filter((message) => message.level !== "mandatory");
    const judged = { ok: code === 0, stack: args.stack, violations, advisories, seconds };
    if (code === 0 || violations.length > 0) return judged;
    const errors = events.flatMap(({ diagnosticEvent: event }) =>
      event?.severity === "error" ? [event.message.replace(colours, "").trim()] : [],
    );
    return {
      ...judged,
      failure: [...errors, stderr.trim(), stdout.trim()].find((text) => text !== "") ?? "",
    };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function readLog(text: string): PolicyEvent[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as PolicyEvent);
}

function policyMessage({ policyEvent: event }: PolicyEvent): PolicyMessage[] {
  if (event === undefined) return [];
  const [type, resource] = (event.resourceUrn ?? "").split("::").slice(-2);
  return [
    {
      rule: event.policyName,
      level: event.enforcementLevel,
      ...(resource === undefined ? {} : { resource, type: type?.split("$").at(-1) }),
      message: event.message.replace(colours, "").trim(),
    },
  ];
}
