/** How every command ends: with its result, or with a message for people and an exit code that is not 0. */

/** A mistake or a situation of the user's: the message says what was found and what to do, so no stack is shown. */
export class UserError extends Error {
  constructor(
    message: string,
    readonly exitCode = 1,
  ) {
    super(message);
  }
}

export function report(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Runs a command's main function. FAILOVER_LAB_DEBUG=1 shows the stack of every error. */
export function run(main: () => Promise<number | undefined>): void {
  main().then(
    (code) => {
      process.exitCode = code ?? 0;
    },
    (error: unknown) => {
      const debug = process.env.FAILOVER_LAB_DEBUG === "1";
      if (error instanceof Error && !debug) report(`error: ${error.message}`);
      else console.error(error);
      process.exitCode = error instanceof UserError ? error.exitCode : 1;
    },
  );
}

export function sinceStart(): number {
  return process.uptime();
}
