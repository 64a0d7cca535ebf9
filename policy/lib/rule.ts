import type { PolicyPackArgs } from "@pulumi/policy";
import { type Choices, readConfig, type ValuesOf } from "./config";
import { describe, type Resource, toResource } from "./resource";
import { Stack } from "./stack";
import { guarded } from "./unread";
import { plainProps, type Props } from "./values";

type Policy = PolicyPackArgs["policies"][number];

/** One thing that is wrong. */
export interface Finding {
  readonly resource: Resource;
  /** What was found, as the end of a sentence that begins with the resource: `has source/dest check on`. */
  readonly found: string;
  /** What to do. One sentence without a full stop. */
  readonly remedy: string;
}

/** A value to set, and where. */
export interface Patch {
  readonly path: readonly string[];
  readonly value: unknown;
}

interface About {
  /** Kebab case, stable: configurations and exceptions name it. */
  readonly name: string;
  /** What has to be, in one sentence. */
  readonly description: string;
  /** What breaks where it is not so. */
  readonly why: string;
  readonly level: "mandatory" | "advisory";
  /** Where the fact comes from: a document that people can open. */
  readonly source: string;
}

/** Judges one resource by its inputs, before it is created or changed. */
export interface ResourceRule<C extends Choices = Choices> extends About {
  readonly kind: "resource";
  readonly types: readonly string[];
  readonly config?: C;
  readonly check: (resource: Resource, config: ValuesOf<C>) => readonly Finding[];
  /** What repairs the mistake, for who sets the rule's level to `remediate`; empty: nothing to do. */
  readonly fix?: (props: Props, config: ValuesOf<C>) => readonly Patch[];
}

/** Judges resources together, at the end of a preview and of an update. */
export interface StackRule<C extends Choices = Choices> extends About {
  readonly kind: "stack";
  readonly config?: C;
  readonly check: (stack: Stack, config: ValuesOf<C>) => readonly Finding[];
}

/** A rule as the pack serves and documents it, whatever its choices are. */
export interface Rule extends About {
  readonly config: Choices;
  readonly kind: "resource" | "stack";
  readonly fixes: boolean;
  readonly policy: Policy;
}

type Given = Readonly<Record<string, unknown>>;
type Report = (message: string, urn?: string) => void;

/** The message of a finding: what is wrong with which resource, and what to do. */
function text({ resource, found, remedy }: Finding): string {
  return `${describe(resource)} ${found}. Remedy: ${remedy}.`;
}

/** Configuration for the check, or undefined after its mistakes were reported: once a process, not once a resource. */
function configReader<C extends Choices>(rule: string, choices: C) {
  let told = false;
  return (given: Given, report: Report): ValuesOf<C> | undefined => {
    const { values, problems } = readConfig(rule, choices, given);
    if (problems.length === 0) return values;
    if (!told) report(`The rule's configuration cannot be used: ${problems.join(". ")}.`);
    told = true;
    return undefined;
  };
}

function common(rule: About, choices: Choices) {
  const schemas = Object.entries(choices).map(([key, choice]) => [key, choice.schema] as const);
  return {
    name: rule.name,
    description: rule.description,
    enforcementLevel: rule.level,
    url: rule.source,
    ...(schemas.length === 0 ? {} : { configSchema: { properties: Object.fromEntries(schemas) } }),
  };
}

export function resourceRule<C extends Choices = Record<never, never>>(
  rule: Omit<ResourceRule<C>, "kind">,
): Rule {
  const choices = rule.config ?? ({} as C);
  const read = configReader(rule.name, choices);
  const { fix } = rule;
  const policy: Policy = {
    ...common(rule, choices),
    validateResource: (args, report) => {
      const config = read(args.getConfig(), report);
      if (config === undefined) return;
      if (!rule.types.includes(args.type)) return;
      const messages = guarded(rule.name, args, () => rule.check(toResource(args), config).map(text));
      for (const message of messages ?? []) report(message);
    },
    ...(fix === undefined
      ? {}
      : {
          remediateResource: (args) => {
            if (!rule.types.includes(args.type)) return undefined;
            const { values, problems } = readConfig(rule.name, choices, args.getConfig());
            // What is wrong with the configuration is said by the check, which always follows.
            if (problems.length > 0) return undefined;
            const patches = guarded(rule.name, args, () => fix(plainProps(args.props), values)) ?? [];
            return patches.length === 0 ? undefined : patched(args.props, patches);
          },
        }),
  };
  return { ...rule, kind: "resource", config: choices, fixes: fix !== undefined, policy };
}

/** Writes into the SDK's own objects, so that secrets and unknown values go back to the engine as they came. */
function patched(props: Record<string, unknown>, patches: readonly Patch[]): Record<string, unknown> {
  for (const { path, value } of patches) {
    let block = props;
    for (const key of path.slice(0, -1)) block = (block[key] ??= {}) as Record<string, unknown>;
    block[path.at(-1) ?? ""] = value;
  }
  return props;
}

export function stackRule<C extends Choices = Record<never, never>>(rule: Omit<StackRule<C>, "kind">): Rule {
  const choices = rule.config ?? ({} as C);
  const read = configReader(rule.name, choices);
  const policy: Policy = {
    ...common(rule, choices),
    validateStack: (args, report) => {
      const config = read(args.getConfig(), report);
      if (config === undefined) return;
      const told = guarded(rule.name, undefined, () =>
        rule
          .check(new Stack(args.resources), config)
          .map((finding) => [text(finding), finding.resource.urn] as const),
      );
      for (const [message, urn] of told ?? []) report(message, urn);
    },
  };
  return { ...rule, kind: "stack", config: choices, fixes: false, policy };
}
