/** What a failover would do, asked of the engine and of AWS; nothing is changed, the stack's configuration neither. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { UserError } from "./command";
import { attempt } from "./failover-update";
import { readService } from "./order";
import type { Service } from "./services";
import { stackConfigFile, stackConfigWith } from "./stack-config";
import type { Target } from "./target";

export interface Previewed {
  readonly from?: string;
  readonly wouldMove: boolean;
}

/**
 * `pulumi preview --config` would save the choice, and the next update would carry it out: so Pulumi gets a copy of the
 * configuration.
 * @throws UserError with every reason when the failover would be refused
 */
export async function preview(place: Target, service: Service, node: string): Promise<Previewed> {
  const stored = await readService(place, service, node);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "failover-lab-preview-"));
  const configFile = path.join(folder, `Pulumi.${place.stack}.yaml`);
  try {
    const text = stackConfigWith(stackConfigFile(place.root, place.stack), service.key, node);
    fs.writeFileSync(configFile, text, { mode: 0o600 });
    const message = `Preview of a failover of ${service.name} to ${node}`;
    const { ended, result, reasons } = await attempt({
      command: "preview",
      place,
      stored,
      configFile,
      message,
    });
    if (ended.code !== 0 || result.op === undefined)
      throw new UserError(
        `${service.name} would not be moved to ${node}:\n${reasons.join("\n")}`,
        ended.code === 0 ? 1 : ended.code,
      );
    const from = stored.before.activeNode;
    return { from, wouldMove: result.op !== "same" && from !== node };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
