/** Two small programs on the same engine, as baselines: one dynamic resource, and nothing at all. */
import * as fs from "node:fs";
import * as path from "node:path";
import { stringify } from "yaml";
import type { Lab } from "../../test/cloud/lab";

const dynamic = `import * as pulumi from "@pulumi/pulumi";
class Provider implements pulumi.dynamic.ResourceProvider {
  async create(inputs: unknown) { return { id: "one", outs: inputs }; }
  async update(_id: string, _olds: unknown, news: unknown) { return { outs: news }; }
}
class One extends pulumi.dynamic.Resource {
  constructor(name: string, args: pulumi.Inputs) { super(new Provider(), name, args); }
}
new One("one", { value: new pulumi.Config().get("value") ?? "0" });
`;

/** An ordinary TypeScript program, in the fastest way that Pulumi's documentation has for one. */
const runtime = {
  name: "nodejs",
  options: { typescript: false, nodeargs: "-r ts-node/register/transpile-only" },
};

function project(lab: Lab, name: string, program: string): string {
  const folder = path.join(lab.directory, name);
  fs.mkdirSync(path.join(folder, "stacks"), { recursive: true });
  fs.writeFileSync(path.join(folder, "Pulumi.yaml"), stringify({ name, main: "stacks", runtime }));
  fs.writeFileSync(path.join(folder, "stacks", "index.ts"), program);
  return folder;
}

export interface TrivialProjects {
  /** Seconds that an update of the one dynamic resource takes. */
  update(round: number): number;
  /** Seconds that a preview of the empty program takes. */
  preview(): number;
}

export function trivialProjects(
  lab: Lab,
  pulumi: (cwd: string, args: readonly string[]) => number,
): TrivialProjects {
  const one = project(lab, "bench-trivial", dynamic);
  const empty = project(lab, "bench-empty", "export {};\n");
  for (const folder of [one, empty]) {
    pulumi(folder, ["stack", "init", lab.stack]);
    pulumi(folder, ["up", "--yes", "--skip-preview"]);
  }
  return {
    update: (round) => pulumi(one, ["up", "--yes", "--skip-preview", "--config", `value=${round + 1}`]),
    preview: () => pulumi(empty, ["preview"]),
  };
}
