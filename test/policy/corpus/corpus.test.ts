/** Every program of the corpus, judged by all rules with their defaults, before it is built and afterwards. */
import test from "ava";
import { rules } from "../../../policy/rules";
import { type Given, judge, type When } from "../_judge";
import { programs } from "./_programs";

async function said(resources: readonly Given[], when: When): Promise<string[]> {
  const all: string[] = [];
  for (const rule of rules)
    all.push(...(await judge(rule, resources, when)).map((text) => `${rule.name}: ${text}`));
  return all.sort();
}

for (const [name, { resources, findings, only = {} }] of Object.entries(programs)) {
  for (const when of ["preview", "update"] as const) {
    test(`${name}: ${when}`, async (t) => {
      const expected = [...findings, ...(only[when] ?? [])].sort();
      const found = await said(resources, when);
      t.is(found.length, expected.length, `\n${found.join("\n")}\n`);
      for (const [i, text] of found.entries()) t.true(text.startsWith(expected[i] ?? "nothing"), text);
    });
  }
}
