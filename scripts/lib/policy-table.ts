/** The documentation of the rules, made from the rules. */
import { format } from "prettier";
import type { Rule } from "../../policy/lib/rule";
import { topics } from "../../policy/rules";

const marks = ["<!-- rules: begin -->", "<!-- rules: end -->"] as const;
const titles: Readonly<Record<string, string>> = {
  failover: "Failover",
  dns: "DNS",
  security: "Security",
  pack: "The pack itself",
};

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function configCell({ config }: Rule): string {
  const keys = Object.entries(config).map(([key, choice]) => {
    return `\`${key}\` = ${JSON.stringify(choice.default)}: ${choice.description}. Give ${choice.accepted}`;
  });
  return keys.length === 0 ? "–" : keys.join("<br>");
}

function row(rule: Rule): string {
  const { name, description, level, why, source, kind, fixes } = rule;
  const judges = `${kind}${fixes ? ", can repair" : ""}`;
  const cells = [`\`${name}\``, description, level, judges, configCell(rule), why, `[source](${source})`];
  return `| ${cells.map(cell).join(" | ")} |`;
}

/** @param readme the file as it is @returns the file with the table renewed */
export async function renewed(readme: string): Promise<string> {
  const [begin, end] = marks.map((mark) => readme.indexOf(mark));
  if (begin === undefined || end === undefined || begin < 0 || end < begin) {
    throw new Error(`policy/README.md has to contain ${marks.join(" and ")}`);
  }
  const sections = Object.entries(topics).map(([topic, rules]) => {
    const head =
      "| rule | what has to be | level | judges | config | why | |\n| --- | --- | --- | --- | --- | --- | --- |";
    return `### ${titles[topic] ?? topic}\n\n${head}\n${rules.map(row).join("\n")}`;
  });
  const text = `${readme.slice(0, begin)}${marks[0]}\n\n${sections.join("\n\n")}\n\n${readme.slice(end)}`;
  return await format(text, { parser: "markdown", printWidth: 110 });
}
