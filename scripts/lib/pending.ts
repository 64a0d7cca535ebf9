/**
 * Resources whose creation the engine began and did not see the end of, because it was killed: AWS may have made them, and
 * the state does not know. Another creation of the same would be refused (an address in use), and so would the removal of
 * what they are in.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { type Lab, labPaths } from "../../test/cloud/lab";
import { report, UserError } from "./command";
import { labClients } from "./lab-clients";
import { runProgram } from "./processes";
import type { RunningLab } from "./running-lab";
import { idsOf } from "./pending-ids";
import type { Deployment, PendingOperation } from "../failover/state";
import { deploymentOf, project } from "./state";

function pendingCreates(lab: Lab): readonly PendingOperation[] {
  return (deploymentOf(lab)?.pending_operations ?? []).filter(({ type }) => type === "creating");
}

/** Whether any update of the stack has come to a good end; those that were killed leave no entry in its history. */
function wasComplete(lab: Lab): boolean {
  const folder = path.join(labPaths(lab).state, ".pulumi", "history", project, lab.stack);
  if (!fs.existsSync(folder)) return false;
  return fs
    .readdirSync(folder)
    .filter((name) => name.endsWith(".history.json"))
    .some((name) => {
      const { kind, result } = JSON.parse(fs.readFileSync(path.join(folder, name), "utf8")) as {
        kind?: string;
        result?: string;
      };
      return kind === "update" && result === "succeeded";
    });
}

/**
 * Whether the lab was killed while it was built for the first time. What is there then is worth nothing, and lives in the
 * fake AWS alone.
 */
export function isHalfBuilt(lab: Lab): boolean {
  return pendingCreates(lab).length > 0 && !wasComplete(lab);
}

/**
 * Takes what AWS has made into the state, as far as it can be found, and forgets the rest of what is pending. The engine
 * would only warn of it (`refresh --import-pending-creates` marks it, and nothing reads the mark in 3.274). What is taken
 * in is as it was to be; the refresh that has to follow shows what it is.
 */
export async function adoptPending(running: RunningLab): Promise<void> {
  const { lab, env } = running;
  const pending = pendingCreates(lab);
  if (pending.length === 0) return;
  report(`An earlier update was killed while it created ${pending.length} resources: looking for them …`);
  const found = await idsOf(labClients(running).ec2, lab, pending);
  const pulumi = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await runProgram("pulumi", ["stack", ...args], {
      cwd: lab.root,
      env,
      output: "capture",
    });
    if (code !== 0) throw new UserError(`The state could not be brought up to date:\n${stderr}`, code);
    return stdout;
  };
  const state = JSON.parse(await pulumi("export")) as { deployment: Deployment };
  const made = (state.deployment.pending_operations ?? []).flatMap(({ type, resource }) => {
    const id = type === "creating" ? found.get(resource.urn) : undefined;
    return id === undefined ? [] : [{ ...resource, id, outputs: { ...resource.inputs } }];
  });
  const resources = [...(state.deployment.resources ?? []), ...made];
  const others = state.deployment.pending_operations?.filter(({ type }) => type !== "creating");
  const file = path.join(lab.directory, "state-with-pending.json");
  const deployment = { ...state.deployment, resources, pending_operations: others };
  fs.writeFileSync(file, JSON.stringify({ ...state, deployment }), { mode: 0o600 });
  await pulumi("import", "--file", file);
  fs.rmSync(file);
  report(`Found, and taken into the stack: ${made.map(({ id }) => id).join(", ") || "none of them"}.`);
}
