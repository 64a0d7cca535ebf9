/** Follows a shell script as far as it writes files from texts that are in it. */
import type { Machine } from "./machine";
import { copied, decoded, echoed, filtered, formatted } from "./shell-commands";
import { type Command, type Pipeline, ShellReader, type Word } from "./shell-syntax";

const DEPTH = 8;

/** Words before a command that do not change what it writes. */
const prefixes = new Set(
  "sudo env exec nohup time command builtin nice ionice then else do if while until elif ! stdbuf".split(" "),
);

/** @param input what comes to the script's stdin */
export function runScript(machine: Machine, script: string, depth = 0, input = ""): string {
  if (depth > DEPTH) {
    machine.unread.add("has scripts within scripts, too deep to follow");
    return "";
  }
  return new ShellReader(script)
    .read()
    .map((pipeline) => runPipeline(machine, pipeline, depth, input))
    .join("");
}

/** Runs a command whose words are given one by one, as cloud-config's lists are. */
export function runWords(machine: Machine, words: readonly string[], depth = 0): string {
  const command = { words: words.map((text) => [{ text, literal: true }]), redirects: [] };
  return runPipeline(machine, [command], depth);
}

function runPipeline(machine: Machine, pipeline: Pipeline, depth: number, input = ""): string {
  let passed = input;
  for (const command of pipeline) passed = runCommand(machine, command, passed, depth);
  return passed;
}

function runCommand(machine: Machine, command: Command, piped: string, depth: number): string {
  const given = command.redirects.filter(({ to }) => to === "text");
  const input = given.length === 0 ? piped : given.map(({ words }) => expanded(machine, words)).join("");
  const grouped = (command.group ?? []).map((inner) => runPipeline(machine, inner, depth, input)).join("");
  const words = command.words.map((word) => expanded(machine, word));
  const output = grouped + simple(machine, words, input, depth);
  const files = command.redirects.filter(({ to }) => to !== "text");
  for (const { to, words: name } of files) {
    const file = expanded(machine, name);
    if (file !== "" && !file.startsWith("/dev/")) machine.write(file, output, to === "append");
  }
  return files.length > 0 ? "" : output;
}

function expanded(machine: Machine, words: readonly Word[]): string {
  return words
    .map(({ text, literal }) =>
      literal
        ? text
        : text.replace(
            /\$(?:(\w+)|\{(\w+)(?::?-([^}]*))?\})/g,
            (all, bare?: string, braced?: string, other?: string) =>
              // What is not known stays as it is written: it is recognised as a variable later.
              machine.variables.get(bare ?? braced ?? "") ?? other ?? all,
          ),
    )
    .join("");
}

/** Runs one command and returns what it prints, as far as it can be known. */
function simple(machine: Machine, given: readonly string[], input: string, depth: number): string {
  const words = bare(machine, given, depth);
  const [name = "", ...args] = words;
  const plain = args.filter((word) => !word.startsWith("-"));
  switch (name.slice(name.lastIndexOf("/") + 1)) {
    case "cd":
    case "pushd":
      if (plain[0] !== undefined) machine.enter(plain[0]);
      return "";
    case "export":
    case "readonly":
    case "local":
    case "declare":
      for (const word of plain) assign(machine, word, depth);
      return "";
    case "echo":
      return echoed(args);
    case "printf":
      return formatted(plain[0] === undefined ? [] : args.slice(args.indexOf(plain[0])));
    case "cat":
      return plain.length === 0
        ? input
        : plain.map((file) => (file === "-" ? input : (machine.read(file) ?? ""))).join("");
    case "tee":
      for (const file of plain)
        machine.write(
          file,
          input,
          args.some((word) => /^(-\w*a|--append)/.test(word)),
        );
      return input;
    case "base64":
    case "gunzip":
    case "gzip":
    case "zcat":
      return decoded(machine, name, plain[0] === undefined ? input : (machine.read(plain[0]) ?? ""), args);
    case "cp":
    case "mv":
    case "install":
      return copied(machine, name, args, input);
    case "dd":
      for (const word of args) if (word.startsWith("of=")) machine.write(word.slice(3), input, false);
      return "";
    case "read":
    case "mapfile":
      if (plain.length > 0) machine.variables.set(plain.at(-1) ?? "", input.replace(/\n$/, ""));
      return "";
    case "sed":
      return filtered(machine, args, input);
    case "envsubst":
    case "tr":
    case "sort":
    case "grep":
      // Nearly what came in: enough to see what kind of file it is.
      return input;
    case "rm":
      for (const file of plain) machine.remove(file);
      return "";
    case "sh":
    case "bash":
    case "dash":
    case "eval":
      return nested(machine, name, args, input, depth);
    default:
      // `xargs`, `awk` and their like change texts in ways that are not followed.
      return "";
  }
}

/** The words without assignments, which are remembered, and without what only says how to run a command. */
function bare(machine: Machine, words: readonly string[], depth: number): readonly string[] {
  let rest = words;
  for (;;) {
    const [first = ""] = rest;
    if (assign(machine, first, depth)) rest = rest.slice(1);
    else if (prefixes.has(first)) {
      rest = rest.slice(1);
      // Options of sudo, two of which have a value.
      while (rest[0]?.startsWith("-") === true) rest = rest.slice(/^-[ug]$/.test(rest[0]) ? 2 : 1);
    } else return rest;
  }
}

function assign(machine: Machine, word: string, depth: number): boolean {
  const match = /^([A-Za-z_]\w*)\+?=([\s\S]*)$/.exec(word);
  if (match === null) return false;
  const [, name = "", value = ""] = match;
  // `TEXT=$(cat <<EOF …)`; of other programs' output nothing is known.
  const inner = /^(?:\$\(([\s\S]*)\)|`([\s\S]*)`)$/.exec(value);
  const output =
    inner === null ? value : runScript(machine, inner[1] ?? inner[2] ?? "", depth + 1).replace(/\n+$/, "");
  if (inner === null ? !/\$\(|`/.test(value) : output !== "") machine.variables.set(name, output);
  return true;
}

function nested(
  machine: Machine,
  name: string,
  args: readonly string[],
  input: string,
  depth: number,
): string {
  if (name === "eval") return runScript(machine, args.join(" "), depth + 1);
  const at = args.findIndex((word) => /^-\w*c$/.test(word));
  const script = at >= 0 ? args[at + 1] : args.every((word) => word.startsWith("-")) ? input : undefined;
  return script === undefined ? "" : runScript(machine, script, depth + 1, at >= 0 ? input : "");
}
