/** What a failover would do, asked of the engine and of AWS; nothing is changed, the stack's configuration neither. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { UserError } from "../lib/command";
import { stackConfigWith } from "../lib/stack-config";
import { readService } from "./stored-service";
import { attempt, loadProgram } from "./update";
import { settingOf, type Workspace } from "./workspace";

export interface Previewed {
  /** Name of the service. */
  readonly service: string;
  readonly from?: string;
  readonly wouldMove: boolean;
}

/**
 * `pulumi preview --config` would save the choice, and the next update would carry it out: so Pulumi gets a copy of the
 * configuration.
 * @throws UserError with every reason when the failover would be refused
 */
export async function preview(workspace: Workspace, asked: string, node: string): Promise<Previewed> {
  const [stored] = await Promise.all([readService(workspace, asked, node), loadProgram()]);
  const { name: service, before } = stored;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "failover-lab-preview-"));
  const configFile = path.join(folder, path.basename(workspace.configFile));
  try {
    const text = stackConfigWith(workspace.configFile, settingOf(workspace, stored), node);
    fs.writeFileSync(configFile, text, { mode: 0o600 });
    const message = `Preview of a failover of ${service} to ${node}`;
    const { ended, result, reasons } = await attempt({
      command: "preview",
      workspace,
      stored,
      configFile,
      message,
    });
    if (ended.code !== 0 || result.op === undefined)
      throw new UserError(
        `${service} would not be moved to ${node}:\n${reasons.join("\n")}`,
        ended.code === 0 ? 1 : ended.code,
      );
    const from = before.activeNode;
    return { service, from, wouldMove: result.op !== "same" && from !== node };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
