/** How every command begins and ends: what it takes, its result, or a message for people and an exit code that is not 0. */
import { Command } from "commander";

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

/** What `--help` says of a command, and what it takes; anything else is an error, and nothing is done. */
export interface CommandLine {
  /** As in package.json. */
  readonly name: string;
  readonly description: string;
  /** A command line that works, and what it does. */
  readonly examples: readonly (readonly [line: string, what: string])[];
  /** Adds arguments and options. */
  readonly define?: (command: Command) => Command;
}

type Main<Options> = (options: Options, args: readonly string[]) => Promise<number | undefined>;

/**
 * Declares a command and runs it. `--help` and a wrong command line end the process before anything is done.
 * FAILOVER_LAB_DEBUG=1 shows the stack of every error.
 */
export function command<Options extends object = object>(line: CommandLine, main: Main<Options>): void {
  const declared = new Command(`npm run ${line.name} --`).description(line.description);
  const examples = line.examples.map(([text, what]) => `  ${text}\n      ${what}`);
  (line.define?.(declared) ?? declared)
    .addHelpText("after", `\n${examples.length > 1 ? "Examples" : "Example"}:\n${examples.join("\n")}`)
    .showHelpAfterError("(--help says what there is)")
    .parse();
  run(() => main(declared.opts<Options>(), declared.args));
}

/** Runs a command's main function to its end. */
export function run(main: () => Promise<number | undefined>): void {
  surviveClosedPipes();
  const debug = process.env.FAILOVER_LAB_DEBUG === "1";
  main().then(
    (code) => {
      process.exitCode = code ?? 0;
    },
    (error: unknown) => {
      if (error instanceof Error && !debug) report(`error: ${error.message}`);
      else console.error(error);
      process.exitCode = error instanceof UserError ? error.exitCode : 1;
    },
  );
}

/**
 * Whoever reads the output may stop reading (`npm run lab | head`), or the terminal may be closed: what was begun is
 * finished all the same, in silence.
 */
function surviveClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (!["EPIPE", "EIO", "ERR_STREAM_DESTROYED"].includes(error.code ?? "")) throw error;
    });
}

export function sinceStart(): number {
  return process.uptime();
}
