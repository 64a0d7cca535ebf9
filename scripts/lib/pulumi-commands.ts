/** Which commands of the Pulumi CLI neither need a stack for themselves nor change what others read. */

/** Flags of every command that take a value in an argument of their own. */
const withValue = new Set([
  "--color",
  "--cwd",
  "-C",
  "--memprofilerate",
  "--otel-traces",
  "--profiling",
  "--stack",
  "-s",
  "--tracing",
  "--verbose",
  "-v",
]);

const readOnly = new Set([
  "about",
  "cancel", // ends what others wait for, so it waits for nobody
  "config get",
  "console",
  "gen-completion",
  "help",
  "logs",
  "package",
  "plugin",
  "preview",
  "schema",
  "stack export",
  "stack graph",
  "stack history",
  "stack ls",
  "stack output",
  "stack select",
  "version",
  "whoami",
]);

/** The command's words, without flags and their values. */
function words(args: readonly string[]): string[] {
  return args.filter((arg, index) => !arg.startsWith("-") && !withValue.has(args[index - 1] ?? ""));
}

/**
 * Whether the command may run beside an update, without waiting. Everything that is not known here waits: an update that
 * changes the stack, and a command that writes the stack's configuration, as `preview --config` does.
 */
export function isReadOnly(args: readonly string[]): boolean {
  if (args.some((arg) => ["--help", "-h", "--version"].includes(arg))) return true;
  const [first = "", second] = words(args);
  const writesConfig = args.some((arg) => /^(--config|-c|--config-path)(=|$)/.test(arg));
  if (writesConfig) return false;
  if (second === undefined && ["stack", "config", ""].includes(first)) return true;
  return readOnly.has(first) || readOnly.has(`${first} ${second ?? ""}`);
}
