/** What an update can do to a stack beside failing over. */
import { CreateKeyPairCommand, DeleteKeyPairCommand, TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { Project, Result } from "../plugins/_fixture";
import { program, type Wanted } from "./_program";
import type { World } from "./_world";

export interface Scene {
  readonly project: Project;
  readonly world: World;
  /** The nodes that have the services, and their partners. */
  readonly active: { readonly pair: string; readonly eni: string };
  readonly standby: { readonly pair: string; readonly eni: string };
  /** What the program declares, when nothing else is said. */
  readonly base: Wanted;
}

export interface Operation {
  readonly name: string;
  /** Runs it. What it returns is what the last command said. */
  readonly run: (scene: Scene) => Promise<Result>;
  /** It has to be refused, saying this; or is, on that node. */
  readonly refused?: RegExp | ((active: Scene["active"]) => RegExp | undefined);
  /** What it has to say. */
  readonly says?: RegExp;
}

export const partner = { node1: "node2", node2: "node1", "node-a": "node-b", "node-b": "node-a" } as const;

/** Of the resource of that name; a component may have the same name as the resource in it. */
async function urnOf({ project }: Scene, name: string): Promise<string> {
  const kinds = /\$(aws:ec2\/(instance|networkInterface):|pulumi-nodejs:dynamic\/failover:)/;
  const found = (await project.resources()).filter(({ urn }) => urn.endsWith(`::${name}`) && kinds.test(urn));
  const [only] = found;
  if (found.length !== 1 || only === undefined)
    throw new Error(`${found.length} resources are named ${name}`);
  return only.urn;
}

async function replacing(scene: Scene, names: readonly string[], verb: "up" | "preview"): Promise<Result> {
  const flags: string[] = [];
  for (const name of names) flags.push("--replace", await urnOf(scene, name));
  return verb === "up" ? await scene.project.up(...flags) : await scene.project.pulumi("preview", ...flags);
}

/** Refused in the preview; and, as nobody has to look at one, in the update. */
async function bothWays(scene: Scene, names: readonly string[]): Promise<Result> {
  const preview = await replacing(scene, names, "preview");
  if (preview.code === 0) return preview;
  return await replacing(scene, names, "up");
}

async function preview({ project }: Scene, wanted: Wanted): Promise<Result> {
  project.write(program(wanted));
  return await project.pulumi("preview");
}

/** SIGKILL for the engine as soon as AWS has been asked for something; what it left behind is cleared as Pulumi says. */
async function killedAt(scene: Scene, action: string): Promise<Result> {
  const { project, world } = scene;
  const urn = await urnOf(scene, `pair-${scene.standby.pair}`);
  const since = (await world.admin.audit()).at(-1)?.n ?? 0;
  await world.admin.setFault({ kind: "delay", action, ms: 1000 });
  const child = spawn("pulumi", ["up", "--yes", "--skip-preview", "--replace", urn, "--non-interactive"], {
    cwd: project.folder,
    env: project.environment,
    stdio: "ignore",
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  while (!(await world.admin.audit(since)).some((call) => call.action === action)) await sleep(20);
  child.kill("SIGKILL");
  await ended;
  await world.admin.clearFaults();
  return await inTurn(
    () => project.pulumi("cancel", "--yes"),
    () => project.refresh("--clear-pending-creates"),
    async () => {
      // The instance that the killed engine never learnt of has the node's address.
      const known = new Set((await project.resources()).map(({ id }) => id));
      const lost = Object.values(await world.nodes()).filter(({ InstanceId = "" }) => !known.has(InstanceId));
      for (const { InstanceId = "" } of lost)
        await world.ec2.send(new TerminateInstancesCommand({ InstanceIds: [InstanceId] }));
      return await project.up();
    },
  );
}

export async function declare({ project }: Scene, wanted: Wanted): Promise<Result> {
  project.write(program(wanted));
  return await project.up();
}

/** One after the other, up to the first that fails. */
async function inTurn(...steps: (() => Promise<Result>)[]): Promise<Result> {
  let last: Result = { code: 0, text: "", stdout: "" };
  for (const step of steps) {
    last = await step();
    if (last.code !== 0) return last;
  }
  return last;
}

const services = ["main-overlay", "main-eni", "main-dns"];

export const operations: readonly Operation[] = [
  { name: "an update without a change", run: ({ project }) => project.up() },
  {
    name: "the standbys replaced",
    run: (scene) => replacing(scene, [`pair-${scene.standby.pair}`, `eni-pair-${scene.standby.eni}`], "up"),
  },
  {
    name: "a standby replaced, and AWS can't make the new one; then it can",
    run: async (scene) => {
      await scene.world.admin.setFault({
        kind: "error",
        action: "RunInstances",
        code: "InsufficientInstanceCapacity",
        count: "unlimited",
      });
      const failed = await replacing(scene, [`pair-${scene.standby.pair}`], "up");
      await scene.world.admin.clearFaults();
      return failed.code === 0 ? { ...failed, code: 1 } : await scene.project.up();
    },
  },
  {
    name: "the active node replaced",
    run: (scene) => bothWays(scene, [`pair-${scene.active.pair}`]),
    refused: /is on (node1|node2), which this update would replace[^]*Fail over first/,
  },
  {
    name: "the active ENI node replaced",
    run: (scene) => bothWays(scene, [`eni-pair-${scene.active.eni}`]),
    refused: /is on node-[ab], which this update would replace[^]*Fail over first/,
  },
  {
    name: "both nodes replaced",
    run: (scene) => bothWays(scene, [`pair-${scene.standby.pair}`, `pair-${scene.active.pair}`]),
    refused: /which this update would replace/,
  },
  {
    name: "the floating interface replaced",
    run: (scene) => bothWays(scene, ["floating"]),
    refused: /is on node-[ab], and this update would replace it/,
  },
  { name: "the services' own resources replaced", run: (scene) => replacing(scene, services, "up") },
  {
    name: "the components renamed, and back",
    run: (scene) =>
      inTurn(
        () => declare(scene, { ...scene.base, names: ["renamed"] }),
        () => declare(scene, scene.base),
      ),
    says: /is left as it is: another resource of this stack has it/,
  },
  {
    name: "the components renamed in two updates",
    run: (scene) =>
      inTurn(
        () => declare(scene, { ...scene.base, names: ["main", "renamed"] }),
        () => declare(scene, { ...scene.base, names: ["renamed"] }),
        () => declare(scene, { ...scene.base, names: ["renamed", "main"] }),
        () => declare(scene, scene.base),
      ),
  },
  {
    name: "the components given another parent, and back",
    run: (scene) =>
      inTurn(
        () => declare(scene, { ...scene.base, nested: true }),
        () => declare(scene, scene.base),
      ),
  },
  {
    name: "the old of two resources deleted by a targeted destroy",
    run: (scene) =>
      inTurn(
        () => declare(scene, { ...scene.base, names: ["main", "second"] }),
        async () => scene.project.destroy("--target", await urnOf(scene, "second-overlay")),
        async () => scene.project.destroy("--target", await urnOf(scene, "second-eni")),
        async () => scene.project.destroy("--target", await urnOf(scene, "second-dns")),
        () => declare(scene, scene.base),
      ),
  },
  { name: "a refresh", run: ({ project }) => project.refresh() },
  { name: "an update with a refresh", run: ({ project }) => project.up("--refresh") },
  {
    name: "a targeted update of a standby",
    run: async (scene) => scene.project.up("--target", await urnOf(scene, `pair-${scene.standby.pair}`)),
  },
  {
    name: "the services deleted from the state, and declared",
    run: (scene) =>
      inTurn(
        ...services.map(
          (name) => async () => scene.project.pulumi("state", "delete", await urnOf(scene, name), "--yes"),
        ),
        () => scene.project.up(),
      ),
    says: /is there already, on node|moves from|created/,
  },
  {
    name: "a service imported",
    run: ({ project }) =>
      project.pulumi(
        "import",
        "--yes",
        "pulumi-nodejs:dynamic/failover:OverlayIp",
        "main-overlay",
        "some-id",
      ),
    refused: /code must be a string/, // Pulumi's own word: a dynamic resource's code comes from the program
  },
  {
    name: "another key pair",
    run: async (scene) => {
      await scene.world.ec2.send(new DeleteKeyPairCommand({ KeyName: "key" }));
      await scene.world.ec2.send(new CreateKeyPairCommand({ KeyName: "key" }));
      return inTurn(
        () => declare(scene, { ...scene.base, keyName: "key" }),
        () => declare(scene, scene.base),
      );
    },
    says: /keeps what it has for now|gets type/,
  },
  {
    name: "another instance type, of another architecture too",
    run: (scene) =>
      inTurn(
        () => declare(scene, { ...scene.base, instanceType: "t3.small" }),
        () => declare(scene, { ...scene.base, instanceType: "t4g.small" }),
        () => declare(scene, scene.base),
      ),
  },
  {
    name: "another second zone",
    run: (scene) =>
      inTurn(
        () => preview(scene, { ...scene.base, zones: ["us-east-1a", "us-east-1c"] }),
        () => declare(scene, { ...scene.base, zones: ["us-east-1a", "us-east-1c"] }),
        () => declare(scene, scene.base),
      ),
    refused: ({ pair }) => (pair === "node2" ? /is on node2, which this update would replace/ : undefined),
  },
  {
    name: "another first zone",
    run: (scene) => preview(scene, { ...scene.base, zones: ["us-east-1c", "us-east-1b"] }),
    refused: /which this update would replace|and this update would replace it/,
  },
  {
    name: "another block for the VPC",
    run: (scene) => preview(scene, { ...scene.base, vpcCidr: "10.1.0.0/16" }),
    refused: /which this update would replace|and this update would replace it/,
  },
  ...["TerminateInstances", "RunInstances"].map((action) => ({
    name: `a standby replaced, and the engine killed at ${action}; then the next update`,
    run: (scene: Scene) => killedAt(scene, action),
  })),
  {
    name: "another TTL",
    run: (scene) =>
      inTurn(
        () => declare(scene, { ...scene.base, ttl: 20 }),
        () => declare(scene, scene.base),
      ),
  },
];
