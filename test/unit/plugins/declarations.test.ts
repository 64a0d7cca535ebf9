import * as fs from "node:fs";
import * as path from "node:path";
import test from "ava";
import prettier from "prettier";
import { projectRoot } from "../../cloud/lab";
import {
  functions,
  offeredFunction,
  offeredResource,
  resources,
  withTables,
} from "../../cloud/plugins/catalogue";
import { type Fields } from "../../cloud/plugins/frame/fields";

const root = projectRoot();
const settable = (fields: Fields): string[] =>
  Object.keys(fields).filter((name) => fields[name]?.internal !== true);

/** Required by the cloud in every case the stand-in handles, though the SDK's declaration leaves them open. */
const STRICTER = ["route53/zone:Zone name"];

for (const entry of resources) {
  test(`${entry.token} declares what the SDK has, under the SDK's names`, (t) => {
    const offered = offeredResource(root, entry.token);
    const unknownInputs = settable(entry.inputs).filter((name) => !offered.inputs.has(name));
    t.deepEqual(unknownInputs, [], "inputs that no program can set");
    const unknownOutputs = entry.outputs.filter((name) => !offered.outputs.has(name));
    t.deepEqual(unknownOutputs, [], "outputs that no program can read");
    const always = [...offered.outputs].filter(([, certain]) => certain).map(([name]) => name);
    const served = new Set([
      ...settable(entry.inputs),
      ...entry.outputs,
      ...(REFUSED_WITH_VALUE[entry.token] ?? []),
    ]);
    t.deepEqual(
      always.filter((name) => !served.has(name)),
      [],
      "outputs that programs rely on",
    );
    for (const [name, must] of offered.inputs) {
      const field = entry.inputs[name];
      if (!field) continue;
      const stricter = STRICTER.some(
        (one) => entry.token.endsWith(one.split(" ")[0] ?? "") && one.endsWith(` ${name}`),
      );
      if (!stricter) t.is(field.required === true, must, `${name} is ${must ? "" : "not "}required`);
    }
  });

  test(`${entry.token} can change in place what doesn't replace it`, (t) => {
    const changeable = settable(entry.inputs).filter((name) => {
      const field = entry.inputs[name];
      return field?.forceNew !== true && field?.local !== true;
    });
    if (changeable.length > 0)
      t.is(typeof entry.update, "function", `${changeable.join(", ")} need an update`);
    else t.pass();
  });
}

/** Always there in the official provider, for features that the stand-in refuses to be asked for. */
const REFUSED_WITH_VALUE: Record<string, string[]> = {
  "aws:ec2/instance:Instance": [
    "capacityReservationSpecification",
    "cpuOptions",
    "enablePrimaryIpv6",
    "enclaveOptions",
    "hostId",
    "hostResourceGroupArn",
    "instanceMarketOptions",
    "maintenanceOptions",
    "placementGroup",
    "placementGroupId",
    "placementPartitionNumber",
    "privateDnsNameOptions",
    "secondaryNetworkInterfaces",
  ],
};

for (const { token, inputs } of functions) {
  test(`${token} takes what the SDK has`, (t) => {
    const offered = offeredFunction(root, token).inputs;
    t.deepEqual(
      settable(inputs).filter((name) => !offered.has(name)),
      [],
    );
    for (const [name, must] of offered) if (inputs[name]) t.is(inputs[name].required === true, must, name);
  });
}

test("no two declarations serve one token", (t) => {
  const tokens = [...resources, ...functions].map(({ token }) => token);
  t.is(new Set(tokens).size, tokens.length);
});

test("the README's tables are current", async (t) => {
  const file = path.join(root, "test/cloud/plugins/README.md");
  const readme = fs.readFileSync(file, "utf8");
  const wanted = await prettier.format(withTables(readme, root), { parser: "markdown", printWidth: 110 });
  t.is(
    readme,
    wanted,
    "run: node -r ts-node/register/transpile-only test/cloud/plugins/catalogue.ts, then prettier",
  );
});
