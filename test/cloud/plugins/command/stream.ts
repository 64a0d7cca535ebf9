import { type CommandContext, type Output } from "./context";

/** Collects what a command writes, and tells it line by line to the person who watches, unless that was ruled out. */
export class Streams {
  readonly #text = { stdout: "", stderr: "" };
  readonly #rest = { stdout: "", stderr: "" };

  constructor(
    private readonly context: CommandContext,
    private readonly logging: string | undefined,
  ) {}

  write(stream: "stdout" | "stderr", chunk: string): void {
    this.#text[stream] += chunk;
    if (this.#shown(stream)) {
      const lines = `${this.#rest[stream]}${chunk}`.split("\n");
      this.#rest[stream] = lines.pop() ?? "";
      lines.forEach((line) => {
        this.context.say(line);
      });
    }
  }

  /** Trailing line ends belong to the terminal, not to the value. */
  end(): Output {
    for (const stream of ["stdout", "stderr"] as const)
      if (this.#rest[stream] !== "") this.context.say(this.#rest[stream]);
    return { stdout: this.#text.stdout.replace(/\n$/, ""), stderr: this.#text.stderr.replace(/\n$/, "") };
  }

  #shown(stream: "stdout" | "stderr"): boolean {
    const { logging = "stdoutAndStderr" } = this;
    return logging === "stdoutAndStderr" || logging === stream;
  }
}

/** @param how "exit status 3" or "signal: killed" */
export function failure(
  context: CommandContext,
  how: string,
  command: string,
  output: Output,
  where = "",
): Error {
  const said = [output.stderr, output.stdout].filter((text) => text !== "").join("\n");
  const shown = command.length > 400 ? `${command.slice(0, 400)}…` : command;
  return new Error(
    context.hide(
      `${how}: running ${JSON.stringify(shown)}${where}:\n${said === "" ? "(it wrote nothing)" : said}\nCorrect the command or what it works on, then run the update again.`,
    ),
  );
}
