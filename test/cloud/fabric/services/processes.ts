import { type ChildProcess, spawn } from "node:child_process";
import type { CloudModel } from "../../model";
import { vpcNamespace } from "../plan/names";
import { METADATA_ADDRESS, resolverAddresses } from "../plan/vpc";
import type { FromServices, ServicesOptions, ToServices } from "./protocol";

interface Running {
  readonly options: string;
  readonly child: ChildProcess;
}

/** The services of each VPC, a process in its router's network. */
export class Services {
  private readonly running = new Map<string, Running>();

  /**
   * @param program the bundled program
   * @param certificates folder in which the region's certificate is kept
   * @param cloud address of the fake AWS
   */
  constructor(
    private readonly program: string,
    private readonly certificates: string,
    private readonly cloud: string,
  ) {}

  /** Lets every VPC of the list have services that know this model. */
  configure(model: CloudModel, vpcIds: readonly string[]): void {
    for (const [vpcId, { child }] of this.running) {
      if (vpcIds.includes(vpcId)) continue;
      child.kill("SIGKILL");
      this.running.delete(vpcId);
    }
    for (const vpcId of vpcIds) tell(this.ensure(model, vpcId), { kind: "model", model });
  }

  private ensure(model: CloudModel, vpcId: string): ChildProcess {
    const vpc = model.vpcs.find(({ id }) => id === vpcId);
    const options: ServicesOptions = {
      vpcId,
      region: model.region,
      certificates: this.certificates,
      resolvers: vpc === undefined ? [] : resolverAddresses(vpc),
      metadata: METADATA_ADDRESS,
    };
    const text = JSON.stringify(options);
    const present = this.running.get(vpcId);
    if (present?.options === text && present.child.exitCode === null && present.child.signalCode === null)
      return present.child;
    present?.child.kill("SIGKILL");
    const args = ["netns", "exec", vpcNamespace(vpcId), process.execPath, this.program, text];
    const child = spawn("ip", args, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    child.once("error", (error) => console.error(`The services of ${vpcId}: ${error.message}`));
    child.on("message", (message) => void this.answer(child, message as FromServices));
    this.running.set(vpcId, { options: text, child });
    return child;
  }

  private async answer(child: ChildProcess, { id, instanceId }: FromServices): Promise<void> {
    try {
      const answer = await fetch(`${this.cloud}/_cloud/instances/${instanceId}/credentials`);
      const found = (await answer.json()) as never;
      if (!answer.ok) throw new Error(JSON.stringify(found));
      tell(child, { kind: "credentials", id, credentials: found });
    } catch (error) {
      tell(child, { kind: "refusal", id, reason: String(error) });
    }
  }
}

/** One that has just ended is made anew, and told then. */
function tell(child: ChildProcess, message: ToServices): void {
  if (child.connected) child.send(message);
}
