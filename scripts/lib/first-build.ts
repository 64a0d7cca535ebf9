/** The first build of a lab is all or nothing: interrupted, it leaves no process and no half of a lab. */
import * as fs from "node:fs";
import { stopCloudDaemon } from "../../test/cloud/daemon";
import { type Lab, labPaths, processMark } from "../../test/cloud/lab";
import { endProcess, processesMarked } from "../../test/cloud/processes";
import { report } from "./command";

const signals = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/**
 * Takes a lab that is being built for the first time down when the user interrupts it: there is nothing in it yet that
 * somebody might miss, and a fake AWS that goes on would be in nobody's way of seeing.
 * @returns what is to be called when the lab stands
 */
export function takeBackWhenInterrupted(lab: Lab): () => void {
  const interrupted = (signal: keyof typeof signals): void => {
    stop();
    report("Interrupted: removing what was begun …");
    takeBack(lab).then(
      () => {
        report("Nothing of the lab is left running. npm run lab begins anew.");
        process.exit(128 + signals[signal]);
      },
      (error: unknown) => {
        console.error("The half-built lab could not be removed, npm run lab:down tries again:", error);
        process.exit(1);
      },
    );
  };
  const names = Object.keys(signals) as (keyof typeof signals)[];
  for (const name of names) process.on(name, interrupted);
  const stop = (): void => {
    for (const name of names) {
      process.off(name, interrupted);
      // A second Ctrl-C must not stop the removal.
      process.on(name, () => undefined);
    }
  };
  return () => {
    for (const name of names) process.off(name, interrupted);
  };
}

async function takeBack(lab: Lab): Promise<void> {
  // The engine first: what it does when its cloud goes is of no interest.
  await Promise.all(processesMarked(processMark, lab.directory).map(({ pid }) => endProcess(pid)));
  await stopCloudDaemon(lab);
  const { state, builtOn, stackConfig } = labPaths(lab);
  for (const file of [state, builtOn, stackConfig]) fs.rmSync(file, { recursive: true, force: true });
}
