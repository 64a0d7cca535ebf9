/** Where a lab keeps its things, and the environment in which programs meet its engine and its cloud. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { LAB_CREDENTIALS } from "./api/admin/types";
import { awsFiles } from "./aws-files";
import { refuseForeignLab } from "./checkouts";
import { letIn } from "./environment";

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

/**
 * Returns the lab that commands of this checkout work on.
 * @throws if the shell's variables name the lab of another checkout, with both and the way out
 */
export function defaultLab(root = projectRoot()): Lab {
  const directory = path.resolve(root, process.env.FAILOVER_LAB_DIR ?? ".lab");
  refuseForeignLab(root, directory, process.env);
  return { ...ownLab(root), directory, stack: process.env.FAILOVER_LAB_STACK ?? "offline" };
}

/** Returns the checkout's lab of its own, whatever lab the shell was pointed at. */
export function ownLab(root = projectRoot()): Lab {
  const cacheHome = process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), ".cache");
  return {
    root,
    directory: path.join(root, ".lab"),
    stack: "offline",
    cacheDir: path.join(cacheHome, "failover-lab"),
  };
}

export const labPaths = (lab: Lab) => ({
  bin: path.join(lab.directory, "bin"),
  /** What a user's shell finds before `bin`. */
  shell: path.join(lab.directory, "shell"),
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

const loopback = "127.0.0.1,localhost,::1";

/**
 * What points any client at the running lab.
 * @param url the gateway's address
 * @param pythonBin folder of the AWS CLI and of a Python with boto3
 */
export function labVariables(lab: Lab, url: string, pythonBin: string): Record<string, string> {
  const paths = labPaths(lab);
  const files = awsFiles(lab.directory);
  return {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: labRegion,
    AWS_DEFAULT_REGION: labRegion,
    AWS_ACCESS_KEY_ID: LAB_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: LAB_CREDENTIALS.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: "true",
    // Files of the lab's own, so that `--profile default`, too, is the lab's.
    AWS_CONFIG_FILE: files.config,
    AWS_SHARED_CREDENTIALS_FILE: files.credentials,
    AWS_PAGER: "",
    PULUMI_HOME: paths.pulumiHome,
    PULUMI_BACKEND_URL: `file://${paths.state}`,
    // The state of this stack is on this machine and holds no secret: the passphrase guards nothing.
    PULUMI_CONFIG_PASSPHRASE: "offline",
    PULUMI_STACK: lab.stack,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // For a proxy that is set after this.
    NO_PROXY: loopback,
    no_proxy: loopback,
    FAILOVER_LAB_ROOT: lab.root,
    FAILOVER_LAB_DIR: lab.directory,
    FAILOVER_LAB_STACK: lab.stack,
    PATH: [paths.bin, pythonBin, ...pathWithout([paths.bin, pythonBin])].join(path.delimiter),
  };
}

function pathWithout(folders: readonly string[]): string[] {
  return (process.env.PATH ?? "").split(path.delimiter).filter((folder) => !folders.includes(folder));
}

/** Only in processes that commands of the lab have started, not in a shell of the user's: what is to end with the lab. */
export const processMark = "FAILOVER_LAB_PROCESS";

/** The environment of a process that is to work in the lab. */
export function labEnvironment(lab: Lab, url: string, pythonBin: string): NodeJS.ProcessEnv {
  return { ...letIn(process.env), ...labVariables(lab, url, pythonBin), [processMark]: lab.directory };
}
