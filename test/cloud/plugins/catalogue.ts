/** What the stand-ins serve, beside what the real SDK offers: for the README's tables and the tests that keep both true. */
import * as fs from "node:fs";
import * as path from "node:path";
import { invokes as awsInvokes } from "./aws/invokes";
import { types as awsTypes } from "./aws/types";
import { invokes as commandInvokes, types as commandTypes } from "./command/plugin";
import { type Fields } from "./frame/fields";

export interface Entry {
  readonly token: string;
  readonly inputs: Fields;
  readonly outputs: readonly string[];
  /** undefined if nothing can change in place */
  readonly update?: unknown;
  readonly autoname?: { readonly property: string } | undefined;
}

export const resources: readonly Entry[] = [...awsTypes, ...commandTypes].map(
  ({ token, inputs, outputs, update, autoname }) => ({ token, inputs, outputs, update, autoname }),
);

export const functions: readonly { token: string; inputs: Fields }[] = [...awsInvokes, ...commandInvokes];

export interface Offered {
  /** Name, and whether it must be given. */
  readonly inputs: ReadonlyMap<string, boolean>;
  /** Name, and whether it always has a value. */
  readonly outputs: ReadonlyMap<string, boolean>;
}

/** What the SDK's declarations offer for a type. */
export function offeredResource(root: string, token: string): Offered {
  const text = declarations(root, token);
  const [, name = ""] = /export declare class (\w+) extends/.exec(text) ?? [];
  const body = text.slice(text.indexOf("export declare class"), text.indexOf("constructor("));
  const outputs = [...body.matchAll(/readonly (\w+): pulumi\.Output<([\s\S]*?)>;\n/g)].map(
    ([, property = "", type = ""]): [string, boolean] => [property, !type.includes("undefined")],
  );
  return { inputs: members(text, `${name}Args`), outputs: new Map(outputs) };
}

/** What the SDK's declarations offer for a function. */
export function offeredFunction(root: string, token: string): Pick<Offered, "inputs"> {
  const name = token.split(":").pop() ?? "";
  return {
    inputs: members(declarations(root, token), `${name.charAt(0).toUpperCase()}${name.slice(1)}Args`),
  };
}

/** `aws:ec2/vpc:Vpc` is in `ec2/vpc.d.ts`, `command:remote:CopyToRemote` in `remote/copyToRemote.d.ts`. */
function declarations(root: string, token: string): string {
  const [pkg = "", module = "", name = ""] = token.split(":");
  const short = name.charAt(0).toLowerCase() + name.slice(1);
  const file = module.includes("/") ? module.replace(/^index\//, "") : `${module}/${short}`;
  const text = fs.readFileSync(path.join(root, "node_modules/@pulumi", pkg, `${file}.d.ts`), "utf8");
  return text.replace(/\/\*\*[\s\S]*?\*\//g, "");
}

function members(text: string, name: string): Map<string, boolean> {
  const body = new RegExp(`export interface ${name} \\{([\\s\\S]*?)\\n\\}`).exec(text)?.[1] ?? "";
  return new Map(
    [...body.matchAll(/\n {4}(\w+)(\??): /g)].map(([, property = "", optional]) => [
      property,
      optional === "",
    ]),
  );
}

const list = (names: readonly string[]): string =>
  names.length === 0
    ? "–"
    : [...names]
        .sort()
        .map((n) => `\`${n}\``)
        .join(", ");

function given(fields: Fields): string[] {
  return Object.keys(fields).filter((name) => fields[name]?.internal !== true);
}

/** The README's two tables, in Markdown. */
export function tables(root: string): string {
  const rows = resources.map(({ token, inputs }) => {
    const handled = given(inputs);
    const missing = [...offeredResource(root, token).inputs.keys()].filter((name) => !handled.includes(name));
    const replacing = handled.filter((name) => inputs[name]?.forceNew === true);
    return `| \`${token}\` | ${list(handled)} | ${list(replacing)} | ${list(missing)} |`;
  });
  const calls = functions.map(({ token, inputs }) => {
    const handled = given(inputs);
    const missing = [...offeredFunction(root, token).inputs.keys()].filter((name) => !handled.includes(name));
    return `| \`${token}\` | ${list(handled)} | ${list(missing)} |`;
  });
  return [
    "| type | inputs | of these, a change replaces | refused by name |",
    "| --- | --- | --- | --- |",
    ...rows.sort(),
    "",
    "| function | arguments | refused by name |",
    "| --- | --- | --- |",
    ...calls.sort(),
  ].join("\n");
}

export const MARKS = ["<!-- tables: begin -->", "<!-- tables: end -->"] as const;

/** The README with its tables as they should be. */
export function withTables(readme: string, root: string): string {
  const [begin, end] = MARKS;
  const [before = "", rest = ""] = readme.split(begin);
  return `${before}${begin}\n\n${tables(root)}\n\n${end}${rest.split(end)[1] ?? ""}`;
}

if (require.main === module) {
  const file = path.join(process.cwd(), "test/cloud/plugins/README.md");
  fs.writeFileSync(file, withTables(fs.readFileSync(file, "utf8"), process.cwd()));
}
