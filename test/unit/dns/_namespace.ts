import { type Outcome, run } from "../nodes/tools";

/**
 * Runs bash lines in network, mount and process namespaces of their own: the machine's network and files stay as they
 * are, and servers that the lines start in the background end with them.
 */
export function inNamespaces(script: string): Promise<Outcome> {
  const lines = `set -eu\nmount --make-rprivate /\nip link set lo up\n${script}`;
  return run("unshare", ["--net", "--mount", "--pid", "--mount-proc", "--kill-child", "bash", "-c", lines]);
}
