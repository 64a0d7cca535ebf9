import type { Server } from "node:net";
import type { ImdsCredentials } from "../admin/types";
import type { InstanceFacts } from "../../metadata/facts";
import { createMetadataService } from "../../metadata/service";
import { createRelay } from "./relay";

/** What runs inside of a node's network namespace; everything it needs comes as one JSON argument. */
export interface InsideOptions {
  facts: InstanceFacts;
  /** The gateway's port, which is also where it is reached in here. */
  port: number;
  /** The socket that leads out. */
  socket: string;
}

async function main(): Promise<void> {
  const options = JSON.parse(process.argv[2] ?? "") as InsideOptions;
  const { facts, port, socket } = options;
  // The namespace goes with this process, and this process with its parent.
  process.stdin.on("end", () => process.exit(0)).resume();
  await listen(createRelay({ path: socket }), port, "127.0.0.1");
  const credentials = async (): Promise<ImdsCredentials> => {
    const url = `http://127.0.0.1:${port}/_cloud/instances/${facts.instance.id}/credentials`;
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`${url}: ${await answer.text()}`);
    return (await answer.json()) as ImdsCredentials;
  };
  const service = createMetadataService({ instance: () => facts, credentials });
  await listen(service, 80, "169.254.169.254");
  console.log("READY");
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
