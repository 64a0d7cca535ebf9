/** Writes PARAMETERS.md: to be run when a declaration, or botocore, has changed. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { defaultLab } from "../../lab";
import { ensurePython } from "../python";
import { loadServiceModels } from "../service-model/botocore";
import { parameterListing } from "./listing";

async function main(): Promise<void> {
  const { python } = await ensurePython(defaultLab().cacheDir, console.error);
  writeFileSync(join(__dirname, "..", "PARAMETERS.md"), parameterListing(loadServiceModels(python)));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
