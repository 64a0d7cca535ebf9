import { type In, list, object, required, text } from "../../frame/fields";
import { isValues, type Values } from "../../frame/values";
import { invoke } from "../define";
import { hashcode } from "../types/ec2/hashcode";

const principals = list(object({ type: required(text()), identifiers: required(list(text())) }));
const statement = {
  sid: text(),
  effect: text({ values: ["Allow", "Deny"] }),
  actions: list(text()),
  notActions: list(text()),
  resources: list(text()),
  notResources: list(text()),
  principals,
  notPrincipals: principals,
  conditions: list(
    object({ test: required(text()), variable: required(text()), values: required(list(text())) }),
  ),
};
type Statement = In<typeof statement>;

/** Pure: a policy in the program's words becomes JSON in IAM's, spelt as the official provider spells it. */
export const getPolicyDocument = invoke({
  token: "aws:iam/getPolicyDocument:getPolicyDocument",
  inputs: {
    policyId: text(),
    version: text({ values: ["2008-10-17", "2012-10-17"] }),
    statements: list(object(statement)),
    sourcePolicyDocuments: list(text()),
    overridePolicyDocuments: list(text()),
    sourceJson: text(),
    overrideJson: text(),
  },
  run(_context, inputs) {
    const sources = [
      ...(inputs.sourceJson ? [inputs.sourceJson] : []),
      ...(inputs.sourcePolicyDocuments ?? []),
    ];
    const overrides = [
      ...(inputs.overridePolicyDocuments ?? []),
      ...(inputs.overrideJson ? [inputs.overrideJson] : []),
    ];
    let document: Values = {};
    for (const source of sources) document = merge(document, parse(source), false);
    const own: Values = {
      Version: inputs.version ?? "2012-10-17",
      ...(inputs.policyId === undefined ? {} : { Id: inputs.policyId }),
      ...(inputs.statements === undefined ? {} : { Statement: inputs.statements.map(toIam) }),
    };
    document = merge(document, own, false);
    for (const override of overrides) document = merge(document, parse(override), true);
    const { Version, Id, ...rest } = document;
    const ordered = { Version, ...(Id === undefined ? {} : { Id }), ...rest };
    const json = JSON.stringify(ordered, undefined, 2);
    const statements = inputs.statements?.map((one) => ({ effect: "Allow", ...one }));
    return Promise.resolve({
      ...inputs,
      ...(statements === undefined ? {} : { statements }),
      version: Version,
      id: String(hashcode(json)),
      json,
      minifiedJson: JSON.stringify(ordered),
    });
  },
});

/** One value is written as a text, several as a list in descending order: as the official provider writes them. */
function oneOrMany(values: readonly string[]): string | string[] {
  const escaped = values.map((value) => value.replace(/&\{/g, "${"));
  return escaped.length === 1 ? (escaped[0] ?? "") : [...escaped].sort().reverse();
}

function toIam(given: Statement): Values {
  const list = (name: string, values: readonly string[] | undefined): Values =>
    values?.length ? { [name]: oneOrMany(values) } : {};
  return {
    ...(given.sid === undefined || given.sid === "" ? {} : { Sid: given.sid }),
    Effect: given.effect ?? "Allow",
    ...list("Action", given.actions),
    ...list("NotAction", given.notActions),
    ...list("Resource", given.resources),
    ...list("NotResource", given.notResources),
    ...party("Principal", given.principals),
    ...party("NotPrincipal", given.notPrincipals),
    ...conditions(given.conditions),
  };
}

function party(name: string, given: Statement["principals"]): Values {
  if (!given?.length) return {};
  const everyone = given.length === 1 && given[0]?.type === "*" && given[0].identifiers.includes("*");
  if (everyone) return { [name]: "*" };
  const byType: Record<string, string[]> = {};
  for (const { type, identifiers } of given) byType[type] = [...(byType[type] ?? []), ...identifiers];
  return { [name]: sorted(byType) };
}

function conditions(given: Statement["conditions"]): Values {
  if (!given?.length) return {};
  const tests: Record<string, Record<string, string[]>> = {};
  for (const { test, variable, values } of given) {
    const variables = (tests[test] ??= {});
    variables[variable] = [...(variables[variable] ?? []), ...values];
  }
  const shown = Object.keys(tests)
    .sort()
    .map((test) => [test, sorted(tests[test] ?? {})]);
  return { Condition: Object.fromEntries(shown) as Values };
}

const sorted = (lists: Record<string, string[]>): Values =>
  Object.fromEntries(
    Object.keys(lists)
      .sort()
      .map((key) => [key, oneOrMany(lists[key] ?? [])]),
  );

function parse(text: string): Values {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new Error("a source or override policy document isn't JSON. Correct it.", { cause: error });
  }
  if (!isValues(document))
    throw new Error("a source or override policy document isn't a JSON object. Correct it.");
  return document;
}

/** Statements are added; one with the Sid of an earlier one takes its place, and may do so in an override only. */
function merge(into: Values, from: Values, override: boolean): Values {
  const statements = asList(into["Statement"]);
  for (const next of asList(from["Statement"])) {
    const sid = next["Sid"];
    const at = sid === undefined ? -1 : statements.findIndex((one) => one["Sid"] === sid);
    if (at >= 0 && !override)
      throw new Error(`two statements have the Sid ${String(sid)}. Give one of them another.`);
    if (at >= 0) statements[at] = next;
    else statements.push(next);
  }
  return { ...into, ...from, ...(statements.length > 0 ? { Statement: statements } : {}) };
}

function asList(value: unknown): Values[] {
  if (Array.isArray(value)) return value.filter(isValues);
  return isValues(value) ? [value] : [];
}
