import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type FloatingEniNetwork } from "../../../components/nodes/floating-eni-network.plan";
import { type NodeScripts, planUserData, type UserDataArgs } from "../../../components/nodes/user-data.plan";
import { describeProblems } from "../../../components/network/problem.plan";

export const SCRIPT_DIR = join(__dirname, "../../../scripts/node");

const read = (name: string) => readFileSync(join(SCRIPT_DIR, name), "utf8");

export const SCRIPTS: NodeScripts = {
  overlayAddress: read("overlay-address"),
  overlayTakeover: read("overlay-takeover"),
  demoResponder: read("demo-responder"),
  floatingEniRouting: read("floating-eni-routing"),
};

export const ENI: FloatingEniNetwork = {
  address: "10.0.0.12",
  subnetCidr: "10.0.0.0/20",
  macAddress: "0a:1b:2c:3d:4e:5f",
};

export const SYSTEMS = ["amazon-linux-2023", "sles-15"] as const;

/** Arguments of a node of each pair. */
export const KINDS: Record<"overlay" | "eni", Pick<UserDataArgs, "overlayAddress" | "floatingEni">> = {
  overlay: { overlayAddress: "192.168.10.1/32" },
  eni: { floatingEni: ENI },
};

export function userData(system: UserDataArgs["system"], kind: keyof typeof KINDS): string {
  const result = planUserData({
    system,
    nodeName: "node1",
    servicePort: 8080,
    ...KINDS[kind],
    scripts: SCRIPTS,
  });
  if (!result.ok) throw new Error(describeProblems(result.problems));
  return result.value;
}

/** A shell line that writes one file of the user data to its path, where the test stands. */
export function writeFileOf(text: string, path: string): string {
  const file = filesOf(text).get(path);
  if (file === undefined) throw new Error(`The user data has no ${path}`);
  return `mkdir -p ${path.replace(/\/[^/]*$/, "")}\ncat >${path} <<'END_OF_FILE'\n${file}END_OF_FILE\n`;
}

/** Path to content, as written by the generator; how cloud-init reads them is a test of its own. */
export function filesOf(text: string): Map<string, string> {
  const config = parse(text, { version: "1.1" }) as { write_files: { path: string; content: string }[] };
  return new Map(config.write_files.map((file) => [file.path, file.content]));
}
