/** Rules judged as the SDK does it, without an engine: properties behind its proxy, ids known or not yet. */
import * as proxy from "@pulumi/policy/proxy";
import { secretsPreservingProxy } from "@pulumi/policy/secret";
import type { PolicyResource, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import type { ExecutionContext } from "ava";
import type { Rule } from "../../policy/lib/rule";

/** The SDK's declarations leave out what it calls internal. */
const { unknownCheckingProxy, unknownStringValue } = proxy as unknown as {
  unknownCheckingProxy: (value: unknown) => unknown;
  unknownStringValue: string;
};

export interface Given {
  readonly type: string;
  readonly name: string;
  readonly props: Readonly<Record<string, unknown>>;
  readonly protect?: boolean;
  readonly provider?: Readonly<Record<string, unknown>>;
  readonly parent?: Given;
}

class Reference {
  constructor(
    readonly target: Given,
    readonly attribute: string,
  ) {}
  get value(): string {
    return `${this.attribute}-of-${this.target.name}`;
  }
}

/** A text with attributes of other resources in it, like the document of a permission. */
class Text {
  constructor(readonly parts: readonly unknown[]) {}
}

export { Reference, Text };

/** `textOf`arn:aws:s3:::${of(bucket)}/*``: unknown as a whole at a preview. */
export function textOf(pieces: TemplateStringsArray, ...values: readonly unknown[]): Text {
  return new Text(pieces.flatMap((piece, i) => (i < values.length ? [piece, values[i]] : [piece])));
}

/** `given("Instance", "node1", {…})`; the module of AWS's common types is filled in. */
export function given(
  type: string,
  name: string,
  props: Given["props"] = {},
  more: Partial<Given> = {},
): Given {
  return { type, name, props, ...more };
}

/** An attribute of another resource: unknown at a preview, a text at an update. */
export function of(target: Given, attribute = "id"): Reference {
  return new Reference(target, attribute);
}

/** A value that only the update will know, and that comes from no resource of the stack. */
export const later = unknownStringValue;

/** `preview`: nothing exists, connections are what the engine has recorded. `update`: ids are all there is. */
export type When = "preview" | "update";

function resolve(value: unknown, when: When, sources: Given[]): unknown {
  if (value instanceof Reference) {
    sources.push(value.target);
    return when === "preview" ? unknownStringValue : value.value;
  }
  if (value instanceof Text) {
    const parts = value.parts.map((part) => resolve(part, when, sources));
    return parts.includes(unknownStringValue) ? unknownStringValue : parts.join("");
  }
  if (Array.isArray(value)) return value.map((element) => resolve(element, when, sources));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, resolve(inner, when, sources)]),
  );
}

const ids = ["id", "arn", "zoneId", "primaryNetworkInterfaceId", "mainRouteTableId", "defaultRouteTableId"];

/** Before a resource exists, its outputs are unknown, those too that it could have been given. */
const computed = [
  "availabilityZone",
  "securityGroups",
  "primaryNetworkInterface",
  "networkInterfaces",
  "routes",
];

function outputs(resource: Given, when: When): Record<string, unknown> {
  const own = resolve(resource.props, when, []) as Record<string, unknown>;
  const names = /^aws:(iam|ec2)\/(role|instanceProfile|launchConfiguration):/.test(resource.type)
    ? [...ids, "name"]
    : ids;
  const values =
    when === "preview"
      ? [...names, ...computed].map((key) => [key, unknownStringValue])
      : names.map((key) => [key, of(resource, key).value]);
  return { ...Object.fromEntries(values), ...own };
}

const options = {
  ignoreChanges: [],
  aliases: [],
  customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
  additionalSecretOutputs: [],
};

function common(resource: Given, props: object) {
  return {
    type: resource.type,
    name: resource.name,
    urn: `urn:pulumi:stack::project::${resource.type}::${resource.name}`,
    props: unknownCheckingProxy(props) as Record<string, unknown>,
    opts: { ...options, protect: resource.protect ?? false },
    ...(resource.provider === undefined
      ? {}
      : {
          provider: {
            type: "pulumi:providers:aws",
            name: "default",
            urn: "",
            props: unknownCheckingProxy(resource.provider) as Record<string, unknown>,
          },
        }),
    isType: () => false,
    asType: () => undefined,
  };
}

function stackOf(resources: readonly Given[], when: When): PolicyResource[] {
  const made = new Map<Given, PolicyResource>();
  for (const resource of resources) {
    made.set(resource, {
      ...common(resource, outputs(resource, when)),
      dependencies: [],
      propertyDependencies: {},
    });
  }
  for (const [resource, sdk] of made) {
    if (resource.parent !== undefined) sdk.parent = made.get(resource.parent);
    if (when === "update") continue;
    for (const [key, value] of Object.entries(resource.props)) {
      const sources: Given[] = [];
      resolve(value, when, sources);
      if (sources.length > 0)
        sdk.propertyDependencies[key] = sources.flatMap((source) => made.get(source) ?? []);
    }
  }
  return [...made.values()];
}

/** What a rule says of resources. */
export async function judge(
  rule: Rule,
  resources: readonly Given[],
  when: When,
  config: object = {},
): Promise<string[]> {
  const said: string[] = [];
  const report = (message: string): void => void said.push(message);
  const args = {
    stackTags: new Map<string, string>(),
    getConfig: <T extends object>() => config as T,
    notApplicable: (): never => {
      throw new Error("not applicable");
    },
  };
  if (rule.kind === "stack") {
    const { validateStack } = rule.policy as StackValidationPolicy;
    await validateStack({ ...args, resources: stackOf(resources, when) }, report);
    return said;
  }
  const { validateResource } = rule.policy as ResourceValidationPolicy;
  if (typeof validateResource !== "function") throw new Error(`${rule.name} has no check`);
  for (const resource of resources) {
    await validateResource(
      { ...args, ...common(resource, resolve(resource.props, when, []) as object) },
      report,
    );
  }
  return said;
}

/** What a rule makes of properties when it may repair them, and which arrive with secrets in wrappers. */
export async function repair(rule: Rule, type: string, props: object): Promise<Given["props"] | undefined> {
  const { remediateResource } = rule.policy as ResourceValidationPolicy;
  const plain = JSON.parse(JSON.stringify(props)) as object;
  const args = {
    ...common(given(type, "n"), {}),
    props: unknownCheckingProxy(secretsPreservingProxy(plain)) as Record<string, unknown>,
    stackTags: new Map<string, string>(),
    getConfig: <T extends object>() => ({}) as T,
    notApplicable: (): never => {
      throw new Error("not applicable");
    },
  };
  return (await remediateResource?.(args)) === undefined ? undefined : (plain as Given["props"]);
}

const both: readonly When[] = ["preview", "update"];

/** The rule finds exactly one mistake, before resources exist and afterwards, and says what the pattern says. */
export async function refused(
  t: ExecutionContext,
  rule: Rule,
  resources: readonly Given[],
  message: RegExp,
  { config = {}, when = both }: { config?: object; when?: readonly When[] } = {},
): Promise<void> {
  for (const moment of when) {
    const said = await judge(rule, resources, moment, config);
    t.is(said.length, 1, `${rule.name} at ${moment}: ${said.join("\n")}`);
    t.regex(said[0] ?? "", message, moment);
    t.regex(said[0] ?? "", /Remedy: \S.*\.$/, moment);
  }
}

export async function accepted(
  t: ExecutionContext,
  rule: Rule,
  resources: readonly Given[],
  { config = {}, when = both }: { config?: object; when?: readonly When[] } = {},
): Promise<void> {
  for (const moment of when) {
    t.deepEqual(await judge(rule, resources, moment, config), [], `${rule.name} at ${moment}`);
  }
}
