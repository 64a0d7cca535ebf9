/**
 * Lets nothing outlive the one who started it. A test's worker, a test run or a benchmark that is killed tidies up
 * nothing; the detached processes that it started, fake AWS clouds for example, would stay for ever.
 */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import * as path from "node:path";
import { letIn } from "./environment";

/** A process of a test, or of a benchmark, has the first; one of a whole test run also the second. */
export type Mark = "FAILOVER_OWNER" | "FAILOVER_TEST_RUN";

/**
 * Marks everything that this process starts from now on, and has it ended when this process ends, however that is.
 * @param folder where `janitor.cjs` lies
 * @returns the mark's value, which `processesMarked` finds
 */
export function endWithMe(mark: Mark, folder: string): string {
  const value = randomUUID();
  const environment = { ...letIn(process.env) };
  process.env[mark] = value;
  // In a session of its own: a Ctrl-C at the terminal is meant for the others.
  const janitor = spawn(process.execPath, [path.join(folder, "janitor.cjs"), mark, value], {
    detached: true,
    stdio: ["pipe", "ignore", "inherit"],
    env: Object.fromEntries(Object.entries(environment).filter(([name]) => name !== mark)),
  });
  janitor.once("error", (error) => {
    process.stderr.write(`What this command starts may outlive it: ${error.message}\n`);
  });
  janitor.unref();
  (janitor.stdin as unknown as { unref(): void }).unref();
  return value;
}
