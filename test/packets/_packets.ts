/** A lab with packets of a test file's own, and what is seen from its hosts. */
import * as ec2 from "@aws-sdk/client-ec2";
import avaTest, { type ExecutionContext, type TestFn } from "ava";
import { execFile, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { FabricControl } from "../cloud/fabric/control-client";
import { fabricControl, fabricProcess, hostProcess } from "../cloud/fabric/daemon";
import { fabricPlace, SYSTEM_PATH } from "../cloud/fabric/names";
import { obstacles } from "../cloud/fabric/requirements";
import type { CloudModel, Instance } from "../cloud/model";
import { TestLab } from "../engine/lab/_lab";

const [obstacle] = obstacles();

/**
 * Declares a test that needs packets. Where they cannot be had it is reported as skipped, with the reason; in CI it is
 * never skipped, and fails there.
 */
export function packetTest(title: string, body: (t: ExecutionContext) => Promise<void>): void {
  if (obstacle === undefined || process.env.CI !== undefined) avaTest.serial(title, body);
  else avaTest.serial.skip(`${title} (${obstacle})`, body);
}

export const OVERLAY = "192.168.10.1";
export const FLOATING = "10.0.0.12";
const REGION = "us-east-1";

export class PacketLab extends TestLab {
  get control(): FabricControl {
    return fabricControl(this.lab);
  }

  model(): Promise<CloudModel> {
    return this.admin.model(REGION);
  }

  /** The instance with this name that is not terminated. */
  async instance(name: string): Promise<Instance> {
    const { instances } = await this.model();
    const found = instances.find(
      (one) => one.name === name && !["shutting-down", "terminated"].includes(one.state),
    );
    if (found === undefined) throw new Error(`There is no instance ${name}`);
    return found;
  }

  /** Runs a program on a host. @returns what it printed; exit codes are not looked at */
  async on(host: string, ...words: readonly string[]): Promise<string> {
    const key = (await this.control.report()).hosts.find(({ name }) => name === host)?.key ?? host;
    const pid = hostProcess(this.directory, key);
    if (pid === undefined) throw new Error(`${host} does not run`);
    const enter = ["-t", String(pid), "-m", "-u", "-i", "-n", "-p", "-C", "-r", "--wdns=/"];
    return await new Promise((resolve) => {
      execFile("nsenter", [...enter, "--", ...words], { timeout: 60_000 }, (_error, stdout, stderr) => {
        resolve((stdout || stderr).trim());
      });
    });
  }

  /** Who answers at an address, seen from a host: a node's name, or `nobody`. */
  async whoAnswers(host: string, address: string): Promise<string> {
    const text = await this.on(host, "curl", "-s", "--max-time", "2", `http://${address}:8080/`);
    return text === "" ? "nobody" : text;
  }

  /** Waits until the kernel has what the API says. */
  async settled(): Promise<void> {
    const { n } = await this.model();
    await until(`change ${n} is in the kernel`, async () => (await this.control.report()).n >= n);
  }

  /** Waits until these hosts, or all, are ready. */
  async ready(...names: readonly string[]): Promise<void> {
    await this.settled();
    await until(`${names.join() || "all hosts"} are ready`, async () => {
      const { hosts } = await this.control.report();
      const failed = hosts.find(({ state }) => state === "failed");
      if (failed !== undefined)
        throw new Error(`${failed.name}: ${failed.reason}\n${await this.control.console(failed.name)}`);
      const asked = names.length === 0 ? hosts : hosts.filter(({ name }) => names.includes(name));
      return asked.length >= names.length && asked.every(({ state }) => state === "ready");
    });
  }

  /** Launches a bare instance, and waits until it is there. */
  async launch(name: string, subnetId: string): Promise<Instance> {
    const [image] = (await this.model()).instances;
    await this.ec2.send(
      new ec2.RunInstancesCommand({
        ImageId: image?.imageId,
        InstanceType: "t3.micro",
        MinCount: 1,
        MaxCount: 1,
        SubnetId: subnetId,
        UserData: Buffer.from("#cloud-config\n{}\n").toString("base64"),
        TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "Name", Value: name }] }],
      }),
    );
    await this.settled();
    return await this.instance(name);
  }

  /** Runs a shell script among the routers. @returns its exit code */
  async inFabric(script: string): Promise<number> {
    const pid = fabricProcess(this.directory);
    if (pid === undefined) throw new Error("The fabric does not run");
    const words = ["-t", String(pid), "-m", "-p", "--", "sh", "-c", script];
    return await new Promise((resolve) => {
      execFile("nsenter", words, { env: { PATH: SYSTEM_PATH } }, (error) =>
        resolve(error === null ? 0 : Number(error.code)),
      );
    });
  }

  /** What there is of it outside of its folder: processes, mounts, control groups, names of network namespaces. */
  leftBehind(): string[] {
    const cgroup = fabricPlace(this.directory).cgroup;
    const groups = spawnSync("unshare", [
      "--mount",
      "sh",
      "-euc",
      'mount -t cgroup2 none /mnt && find /mnt -maxdepth 3 -name "$1"',
      "sh",
      cgroup,
    ]);
    return [
      ...this.processes().map((pid) => `process ${pid}`),
      ...fs
        .readFileSync("/proc/self/mountinfo", "utf8")
        .split("\n")
        .filter((line) => line.includes(this.directory) || line.includes("/run/failover-lab")),
      ...groups.stdout.toString().split("\n").filter(Boolean),
      ...(fs.existsSync("/run/netns")
        ? fs.readdirSync("/run/netns").filter((name) => /^(vpc|tgw|i)-/.test(name))
        : []),
    ];
  }

  /** Kills all its processes, all at once, as a machine's out-of-memory killer might. */
  killEverything(): void {
    for (const pid of this.processes()) process.kill(pid, "SIGKILL");
  }

  private processes(): number[] {
    return fs
      .readdirSync("/proc")
      .filter((entry) => /^\d+$/.test(entry) && this.isOwn(Number(entry)))
      .map(Number);
  }

  private isOwn(pid: number): boolean {
    try {
      return fs
        .readFileSync(`/proc/${pid}/environ`, "utf8")
        .includes(`FAILOVER_LAB_PROCESS=${this.directory}\0`);
    } catch (error) {
      if (["ENOENT", "ESRCH", "EACCES"].includes((error as NodeJS.ErrnoException).code ?? "")) return false;
      throw error;
    }
  }
}

interface Wishes {
  readonly settings?: Readonly<Record<string, string>>;
  /** Done before the lab is built. */
  readonly before?: (lab: PacketLab) => Promise<void>;
}

/** Builds a lab with packets before the tests of the file, and removes it after them. */
export function withPackets(test: TestFn, { settings = {}, before }: Wishes = {}): () => PacketLab {
  const lab = new PacketLab();
  if (obstacle !== undefined && process.env.CI === undefined) return () => lab;
  test.before(async () => {
    const lines = Object.entries(settings).map(([key, value]) => `  failover-lab:${key}: ${value}\n`);
    const zones = "  aws:region: us-east-1\n  failover-lab:zones: [us-east-1a, us-east-1b]\n";
    fs.writeFileSync(lab.configFile(), `config:\n${zones}${lines.join("")}`);
    await before?.(lab);
    await lab.succeed("lab", "--packets");
  });
  test.after.always(async () => {
    await lab.remove();
  });
  return () => lab;
}

/** Waits for something that has to become true. @throws after 60 s */
export async function until(what: string, isSo: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`Waited 60 s in vain: ${what}`);
    await sleep(100);
  }
}
