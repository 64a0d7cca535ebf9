/** As much of the shell's grammar as decides which text ends up in which file. */

/** A word as written: pieces that the shell expands, and such that it takes as they are. */
export interface Word {
  readonly text: string;
  /** Whether variables in it are left alone: single quotes, or an escaped here-document. */
  readonly literal: boolean;
}

export interface Redirect {
  readonly to: "write" | "append" | "text";
  /** A file's name, or for `text` what comes to stdin. */
  readonly words: readonly Word[];
}

export interface Command {
  readonly words: readonly (readonly Word[])[];
  /** Commands in braces or parentheses, whose output the redirects take. */
  readonly group?: readonly Pipeline[];
  readonly redirects: readonly Redirect[];
}

export type Pipeline = readonly Command[];

interface Pending {
  readonly delimiter: string;
  readonly literal: boolean;
  readonly dash: boolean;
  readonly found: Word[];
}

interface Draft {
  words: (readonly Word[])[];
  group?: readonly Pipeline[];
  redirects: Redirect[];
}

const DEPTH = 50;

/** Reads a script; what is not understood is passed over, for a shell's keywords do not matter here. */
export class ShellReader {
  private at = 0;
  private pending: Pending[] = [];

  constructor(private readonly script: string) {}

  /** @param close what ends the group that is read */
  read(depth = 0, close: "" | ")" | "}" = ""): Pipeline[] {
    const pipelines: Pipeline[] = [];
    let pipeline: Command[] = [];
    let draft: Draft = { words: [], redirects: [] };
    const endCommand = (): void => {
      const some = draft.words.length > 0 || draft.redirects.length > 0 || draft.group !== undefined;
      if (some) pipeline.push(draft);
      draft = { words: [], redirects: [] };
    };
    const endPipeline = (): void => {
      endCommand();
      if (pipeline.length > 0) pipelines.push(pipeline);
      pipeline = [];
    };
    for (;;) {
      const found = this.operator();
      if (found === undefined) {
        if (this.at >= this.script.length) break;
        const word = this.word();
        if (word.length === 0) this.at++;
        else if (word.length === 1 && word[0]?.text === "}" && draft.words.length === 0 && close === "}")
          break;
        else if (word.length === 1 && word[0]?.text === "{" && depth < DEPTH) {
          endCommand();
          draft.group = this.read(depth + 1, "}");
        } else draft.words.push(word);
        continue;
      }
      if (found === ")") {
        if (close === ")") break;
        // The end of a pattern of `case`.
        [pipeline, draft] = [[], { words: [], redirects: [] }];
      } else if (found === "(") {
        endCommand();
        if (depth < DEPTH) draft.group = this.read(depth + 1, ")");
      } else if (found === "|" || found === "|&") endCommand();
      else if (/[<>]/.test(found)) this.redirect(found, draft);
      else {
        endPipeline();
        if (found === "\n") this.hereDocuments();
      }
    }
    endPipeline();
    return pipelines;
  }

  /** The operator at this place, after blanks and comments. */
  private operator(): string | undefined {
    const blank = /(?:[ \t\r]|\\\r?\n)*(?:#[^\n]*)?/y;
    blank.lastIndex = this.at;
    const skipped = blank.exec(this.script)?.[0] ?? "";
    this.at += skipped.length;
    const operator = /\d*(?:<<<|<<-?|>>|>\||&>>?|[<>]&|<|>)|\|\||\|&|&&|;;|[|&;()\n]/y;
    operator.lastIndex = this.at;
    const found = operator.exec(this.script)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  private redirect(operator: string, draft: Draft): void {
    const blank = /[ \t]*/y;
    blank.lastIndex = this.at;
    this.at += blank.exec(this.script)?.[0].length ?? 0;
    const words = this.word();
    const [, number = "", sign = operator] = /^(\d*)(.*)$/.exec(operator) ?? [];
    if (sign.startsWith("<<<")) {
      draft.redirects.push({ to: "text", words: [...words, { text: "\n", literal: true }] });
    } else if (sign.startsWith("<<")) {
      const found: Word[] = [];
      const delimiter = words.map(({ text }) => text).join("");
      const literal = words.some((word) => word.literal);
      this.pending.push({ delimiter, literal, dash: sign === "<<-", found });
      draft.redirects.push({ to: "text", words: found });
    } else if (number === "2" || sign.endsWith("&") || sign === "<") return;
    else draft.redirects.push({ to: sign.endsWith(">>") ? "append" : "write", words });
  }

  /** The lines after the one that asked for them. */
  private hereDocuments(): void {
    for (const { delimiter, literal, dash, found } of this.pending) {
      const lines: string[] = [];
      while (this.at < this.script.length) {
        const end = this.script.indexOf("\n", this.at);
        const stop = end === -1 ? this.script.length : end;
        const line = this.script.slice(this.at, stop).replace(/\r$/, "");
        this.at = Math.min(stop + 1, this.script.length);
        // Indented ends are no ends for a shell; templates that are indented as a whole have them, and mean them.
        if (line.trim() === delimiter) break;
        lines.push(dash ? line.replace(/^\t+/, "") : line);
      }
      found.push({ text: lines.map((line) => `${line}\n`).join(""), literal });
    }
    this.pending = [];
  }

  /** One word, up to a blank or an operator. */
  private word(): Word[] {
    const pieces: Word[] = [];
    const single = /'([^']*)'?/y;
    const double = /"((?:[^"\\]|\\[\s\S])*)"?/y;
    const substitution = /\$\((?:[^()]|\([^()]*\))*\)|`[^`]*`|\$\{[^}]*\}/y;
    const bare = /(?:\\[\s\S]|[^\s"'`\\|&;()<>$]|\$(?![({'"]))+|\$/y;
    for (;;) {
      const from = this.at;
      const ansi = this.script.startsWith("$'", from);
      if (ansi) this.at++;
      const quoted = this.take(single);
      if (quoted !== undefined) {
        pieces.push({ text: ansi ? escapes(quoted) : quoted, literal: true });
        continue;
      }
      const text = this.take(double);
      if (text !== undefined)
        pieces.push({ text: text.replace(/\\(["\\$`\n])/g, unescaped), literal: false });
      else {
        const more = this.take(substitution) ?? this.take(bare);
        if (more === undefined) return pieces;
        pieces.push({ text: more.replace(/\\([\s\S])/g, unescaped), literal: more.startsWith("\\") });
      }
    }
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.script);
    if (match === null) return undefined;
    this.at += match[0].length;
    return match[1] ?? match[0];
  }
}

function unescaped(_all: string, character: string): string {
  return character === "\n" ? "" : character;
}

const controls: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "0": "\0", e: "\u001b" };

/** Returns the text with the escapes of `printf` and `echo -e` replaced. */
export function escapes(text: string): string {
  return text.replace(/\\(x[0-9A-Fa-f]{2}|.)/g, (all, code: string) =>
    code.length > 1
      ? String.fromCharCode(parseInt(code.slice(1), 16))
      : (controls[code] ?? (code === "\\" ? "\\" : all)),
  );
}
