import { renameSync, rmSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { startCloud } from "./index";

/**
 * The offline cloud as a process of its own. Writes the ready file once it answers, and removes it when it ends on
 * SIGTERM or SIGINT.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      python: { type: "string" },
      port: { type: "string", default: "0" },
      "ready-file": { type: "string" },
      "audit-file": { type: "string" },
    },
  });
  const { python, "ready-file": readyFile, "audit-file": auditFile } = values;
  const port = Number(values.port);
  if (python === undefined) throw new Error("Starting the offline cloud: --python PATH is missing");
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`Starting the offline cloud: --port must be from 0 to 65535, but is ${values.port}`);
  }

  const cloud = await startCloud({ python, port, ...(auditFile === undefined ? {} : { auditFile }) });
  const end = (): void => {
    if (readyFile !== undefined) rmSync(readyFile, { force: true });
    cloud.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error("Ending the offline cloud:", error);
        process.exit(1);
      },
    );
  };
  process.once("SIGTERM", end);
  process.once("SIGINT", end);
  const { url, motoPid, cloudId, startedAt } = cloud;
  const ready = { url, port: cloud.port, pid: process.pid, motoPid, cloudId, startedAt };
  if (readyFile === undefined) {
    console.log(JSON.stringify(ready));
    return;
  }
  writeFileSync(`${readyFile}.new`, `${JSON.stringify(ready, undefined, 2)}\n`);
  renameSync(`${readyFile}.new`, readyFile);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
