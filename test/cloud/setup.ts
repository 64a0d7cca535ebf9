/** Everything that a lab needs before it can be built: the engine, Python with moto, the bundles. */
import * as fs from "node:fs";
import { ensurePython, type PythonEnvironment } from "./api/python";
import { loadServiceModels } from "./api/service-model/botocore";
import { bundleAll } from "./engine/bundle";
import { ensureEngine, type Engine } from "./engine/ensure";
import type { Report } from "./engine/report";
import { prepareHome } from "./engine/home";
import { markCheckout } from "./checkouts";
import { type Lab, labPaths } from "./lab";

export interface SetUp {
  readonly engine: Engine;
  readonly python: PythonEnvironment;
}

/**
 * Brings everything into place; what is there already costs nothing. An interrupted set-up goes on where it stopped.
 * @throws one error with every part that failed
 */
export async function setUp(lab: Lab, report: Report): Promise<SetUp> {
  const paths = labPaths(lab);
  for (const folder of [paths.state, paths.logs, paths.bundles]) fs.mkdirSync(folder, { recursive: true });
  markCheckout(lab.root, lab.directory);
  // The two longest parts at once: one waits for the network while the other computes.
  const [engine, python] = await Promise.allSettled([
    ensureEngine(lab.cacheDir, [paths.bin], report),
    ensurePython(lab.cacheDir, report),
  ]);
  if (engine.status === "rejected" || python.status === "rejected") {
    const reasons = [engine, python].flatMap((part) =>
      part.status === "rejected" ? [messageOf(part.reason)] : [],
    );
    throw new Error(reasons.join("\n"));
  }
  // Here it is part of the set-up; at the gateway's first start it would be waited for.
  loadServiceModels(python.value.python);
  bundleAll(lab.root, paths.bundles);
  prepareHome(lab.root, lab.directory, paths.bundles, engine.value);
  return { engine: engine.value, python: python.value };
}

function messageOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
