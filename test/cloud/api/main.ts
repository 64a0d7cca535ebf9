import { parseArgs } from "node:util";
import { startCloud } from "./index";
import { writeReadyFile } from "./ready-file";

/** How often it looks whether it is still wanted, in milliseconds. */
const LOOK_EVERY_MS = 500;

/**
 * The offline cloud as a process of its own. Writes the ready file once it answers, and removes it when it ends on
 * SIGTERM or SIGINT. Ends by itself when the file is gone or another's: with the folder of its lab, or when it was moved.
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
  const { url, motoPid, cloudId, startedAt } = cloud;
  const ready = { url, port: cloud.port, pid: process.pid, motoPid, cloudId, startedAt, readyFile };
  const file = readyFile === undefined ? undefined : writeReadyFile(readyFile, ready);
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    file?.remove();
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
  if (file === undefined) {
    console.log(JSON.stringify(ready));
    return;
  }
  setInterval(() => {
    const reason = file.lost();
    if (reason === undefined || ending) return;
    console.error(`The offline cloud at ${url} ends, since nobody can find it any more: ${reason}.`);
    end();
  }, LOOK_EVERY_MS).unref();
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
