/** Where a lab keeps its things, and the environment in which programs meet its engine and its cloud. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { LAB_CREDENTIALS } from "./api/admin/types";

export interface Lab {
  /** The checkout. */
  readonly root: string;
  /** The lab's own folder, `.lab` in the checkout unless FAILOVER_LAB_DIR says otherwise. */
  readonly directory: string;
  /** Name of its stack, `offline` unless FAILOVER_LAB_STACK says otherwise. */
  readonly stack: string;
  /** Engine and Python environment, shared by all checkouts of this user. */
  readonly cacheDir: string;
}

/** The nearest folder at or above `from` that holds this project. */
export function projectRoot(from = process.cwd()): string {
  if (fs.existsSync(path.join(from, "Pulumi.yaml")) && fs.existsSync(path.join(from, "test/cloud")))
    return from;
  const parent = path.dirname(from);
  if (parent === from)
    throw new Error("Run this in a checkout of failover-lab: no Pulumi.yaml was found here or above.");
  return projectRoot(parent);
}

export function defaultLab(root = projectRoot()): Lab {
  const cacheHome = process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), ".cache");
  return {
    root,
    directory: path.resolve(root, process.env.FAILOVER_LAB_DIR ?? ".lab"),
    stack: process.env.FAILOVER_LAB_STACK ?? "offline",
    cacheDir: path.join(cacheHome, "failover-lab"),
  };
}

export const labPaths = (lab: Lab) => ({
  bin: path.join(lab.directory, "bin"),
  pulumiHome: path.join(lab.directory, "pulumi-home"),
  state: path.join(lab.directory, "state"),
  logs: path.join(lab.directory, "logs"),
  /** Written by the gateway when it serves; gone after an orderly end. */
  cloud: path.join(lab.directory, "cloud.json"),
  /** The identity of the cloud that the stack's resources are in. */
  builtOn: path.join(lab.directory, "built-on"),
  audit: path.join(lab.directory, "logs", "audit.jsonl"),
  /** One set for all labs of a checkout. */
  bundles: path.join(lab.root, ".lab", "bundles"),
  stackConfig: path.join(lab.root, "stacks", `Pulumi.${lab.stack}.yaml`),
  stackTemplate: path.join(lab.root, "stacks", "templates", "offline.yaml"),
});

export const labRegion = "us-east-1";

/** Variables that would let a client reach a real account, or another stack, from within the lab. */
const foreign = [
  "AWS_PROFILE",
  "AWS_DEFAULT_PROFILE",
  "AWS_SESSION_TOKEN",
  "AWS_ROLE_ARN",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  "PULUMI_ACCESS_TOKEN",
];

/**
 * What points any client at the running lab.
 * @param url the gateway's address
 * @param pythonBin folder of the AWS CLI and of a Python with boto3
 */
export function labVariables(lab: Lab, url: string, pythonBin: string): Record<string, string> {
  const paths = labPaths(lab);
  return {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: labRegion,
    AWS_DEFAULT_REGION: labRegion,
    AWS_ACCESS_KEY_ID: LAB_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: LAB_CREDENTIALS.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_PAGER: "",
    PULUMI_HOME: paths.pulumiHome,
    PULUMI_BACKEND_URL: `file://${paths.state}`,
    // The state of this stack is on this machine and holds no secret: the passphrase guards nothing.
    PULUMI_CONFIG_PASSPHRASE: "offline",
    PULUMI_STACK: lab.stack,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    FAILOVER_LAB_DIR: lab.directory,
    FAILOVER_LAB_STACK: lab.stack,
    PATH: [paths.bin, pythonBin, ...pathWithout([paths.bin, pythonBin])].join(path.delimiter),
  };
}

function pathWithout(folders: readonly string[]): string[] {
  return (process.env.PATH ?? "").split(path.delimiter).filter((folder) => !folders.includes(folder));
}

/** The names to unset before the variables are set. */
export const foreignVariables: readonly string[] = foreign;

/** The environment of a process that is to work in the lab. */
export function labEnvironment(lab: Lab, url: string, pythonBin: string): NodeJS.ProcessEnv {
  const kept = Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.includes(name)));
  return { ...kept, ...labVariables(lab, url, pythonBin) };
}
