/**
 * A policy configuration, checked before the engine sees it: the engine ignores the names of rules that do not exist,
 * and says of a wrong value what is wrong with it, but not what to write instead.
 */
import { readConfig } from "../../policy/lib/config";
import { rules } from "../../policy/rules";

const levels = ["advisory", "mandatory", "remediate", "disabled"];

/** @returns every mistake in the text of a configuration file, each with its key and its remedy */
export function configProblems(text: string): string[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    return [`It is not JSON (${(error as Error).message}); correct it, or see policy/README.md`];
  }
  if (parsed === null || typeof parsed !== "object" || Array.isArray(parsed)) {
    return ['It is not an object; write {"RULE": {"KEY": VALUE}}, see policy/README.md'];
  }
  return Object.entries(parsed).flatMap(([name, given]) => problemsOf(name, given));
}

function problemsOf(name: string, given: unknown): string[] {
  const rule = rules.find((candidate) => candidate.name === name);
  if (rule === undefined && name !== "all") {
    return [`${name} is no rule of this pack; the rules are listed in policy/README.md`];
  }
  const properties = typeof given === "string" ? { enforcementLevel: given } : given;
  if (properties === null || typeof properties !== "object") {
    return [`${name} is ${JSON.stringify(given)}; give a level (${levels.join(", ")}) or an object`];
  }
  const { enforcementLevel: level, ...values } = properties as Record<string, unknown>;
  const wrongLevel =
    level === undefined || (typeof level === "string" && levels.includes(level))
      ? []
      : [`${name}.enforcementLevel is ${JSON.stringify(level)}; give one of: ${levels.join(", ")}`];
  return [...wrongLevel, ...readConfig(name, rule?.config ?? {}, values).problems];
}
