/** Faithful or loud, down to single parameters: what nobody compared with AWS is refused by its name. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { PARAMETERS } from "../../cloud/api/parameters";
import { parameterListing } from "../../cloud/api/parameters/listing";
import { handlers } from "../../cloud/api/rules";
import { loadServiceModels } from "../../cloud/api/service-model/botocore";
import type { ServiceModel } from "../../cloud/api/service-model/types";
import { withCloud } from "./_cloud";

const theCloud = withCloud(test);

interface Report {
  sent: { actions: number; undeclared: number; limits: number; required: number; filters: number };
  wrong: string[][];
}

/** What a Python script prints that is given the declared parameters. */
async function examine<R>(script: string): Promise<R> {
  const cloud = theCloud();
  const folder = mkdtempSync(join(tmpdir(), "parameters-"));
  const file = join(folder, "declared.json");
  const declared = [...PARAMETERS].map(([action, paths]) => [
    action,
    Object.fromEntries([...paths].map(([path, values]) => [path, values ?? null])),
  ]);
  writeFileSync(file, JSON.stringify(Object.fromEntries(declared)));
  const output = await new Promise<string>((resolve, reject) => {
    const options = { env: cloud.environment(), maxBuffer: 16 * 1024 * 1024 };
    execFile(cloud.python.python, [join(__dirname, script), file], options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${error.message}\n${stderr}`));
    });
  });
  rmSync(folder, { recursive: true });
  return JSON.parse(output) as R;
}

test.serial("boto3 sends every other parameter of every action, and every value out of bounds", async (t) => {
  const { sent, wrong } = await examine<Report>("_every_parameter.py");
  t.log(JSON.stringify(sent));
  t.is(sent.actions, PARAMETERS.size);
  t.true(sent.undeclared > 300 && sent.limits > 400 && sent.required > 200 && sent.filters > 200);
  t.deepEqual(wrong, []);
});

test.serial("boto3's paginators go through every list that comes in pages", async (t) => {
  const { paged, wrong } = await examine<{ paged: string[]; wrong: string[][] }>("_every_page.py");
  t.log(`${paged.length} lists`);
  t.true(paged.length >= 55);
  t.deepEqual(wrong, []);
});

test("every action that is there declares its parameters", (t) => {
  t.deepEqual(
    Object.keys(handlers).filter((action) => !PARAMETERS.has(action)),
    [],
  );
});

test("what is declared is in botocore's model, and so is each value", (t) => {
  const models = loadServiceModels(theCloud().python.python);
  const unknown = [...PARAMETERS].flatMap(([key, declared]) => {
    const [service = "", action = ""] = key.split(":");
    const model = models[service];
    if (model === undefined) return [key];
    return [...declared].flatMap(([path, values]) => {
      const shape = shapeAt(model, action, path);
      // DryRun is declared for all of EC2; a few actions have none.
      if (shape === undefined) return path === "DryRun" ? [] : [`${key} ${path}`];
      const other = (values ?? []).find((value) => shape.enum !== undefined && !shape.enum.includes(value));
      return other === undefined ? [] : [`${key} ${path}=${other}`];
    });
  });
  t.deepEqual(unknown, []);
});

test("the listing of what each action has is that of the declarations and botocore's models", (t) => {
  const listing = join(__dirname, "..", "..", "cloud", "api", "PARAMETERS.md");
  const made = parameterListing(loadServiceModels(theCloud().python.python));
  t.is(readFileSync(listing, "utf8"), made, "make it anew: the file's head says how");
});

function shapeAt(model: ServiceModel, action: string, path: string) {
  let name = model.operations[action]?.input;
  for (const step of path.split(".")) {
    name = model.shapes[name ?? ""]?.members?.[step]?.shape;
    for (let list = model.shapes[name ?? ""]?.member; list !== undefined;) {
      name = list.shape;
      list = model.shapes[name]?.member;
    }
  }
  return model.shapes[name ?? ""];
}
