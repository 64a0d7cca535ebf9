/**
 * Which of the user's variables a process of the lab gets. It is a list of what is let in: a list of what is kept out
 * would have to know every variable by which some client, in some version, can be sent to another place.
 */

/** Who and where the user is, and how the terminal is to be used. Nothing that decides where a call goes. */
const names: readonly string[] = [
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "SHELL",
  "PWD",
  "TMPDIR",
  "TZ",
  "LANG",
  "LANGUAGE",
  "TERM",
  "COLORTERM",
  "COLUMNS",
  "LINES",
  "NO_COLOR",
  "FORCE_COLOR",
  "CI",
  "EDITOR",
  "VISUAL",
  // Keys of the SSH agent: the forwarders are reached with them.
  "SSH_AUTH_SOCK",
  // Where the engine and Python are kept.
  "XDG_CACHE_HOME",
];

/** Locales, this project's own settings, and how long its tests and benchmarks are to try. */
const families: readonly string[] = ["LC_", "FAILOVER_", "MOVES_", "BENCH_"];

export function isLetIn(name: string): boolean {
  return names.includes(name) || families.some((family) => name.startsWith(family));
}

/** Returns the variables that a process of the lab may have. */
export function letIn(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => isLetIn(name)));
}

/**
 * Variables that change where AWS calls go, whose they are, or what Pulumi does; of every kind that there is, since
 * each SDK and each version brings new ones. A shell of the user's is rid of these only: the rest is none of the lab's
 * business there.
 */
const misleading: readonly RegExp[] = [
  /^AWS_/,
  /^BOTO_CONFIG$/,
  /^PULUMI_/,
  /^TF_(LOG|APPEND|AWS|VAR)/,
  /^(https?|ftp|wss?|socks|all|no|grpc)_proxy$/i,
  /^GRPC_/i,
  /^NODE_(OPTIONS|PATH|EXTRA_CA_CERTS|TLS_REJECT_UNAUTHORIZED|USE_ENV_PROXY|USE_SYSTEM_CA)$/,
];

/** A shell accepts no other names. */
const identifier = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Returns the names that a shell has to forget before it works in the lab. */
export function misleadingNames(environment: NodeJS.ProcessEnv): string[] {
  return Object.keys(environment)
    .filter((name) => identifier.test(name) && !isLetIn(name) && misleading.some((kind) => kind.test(name)))
    .sort();
}

/** Removes from this very process what the lab lets nobody have. */
export function forgetTheRest(environment: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(environment)) if (!isLetIn(name)) Reflect.deleteProperty(environment, name);
}
