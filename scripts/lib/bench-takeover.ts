/** The takeover that cluster managers do today, by the unmodified agent aws-vpc-move-ip, as a baseline. */
import { DescribeRouteTablesCommand, EC2Client } from "@aws-sdk/client-ec2";
import * as path from "node:path";
import type * as takeovers from "../../test/cloud/api/takeover";
import { LAB_CREDENTIALS } from "../../test/cloud/api/admin/types";
import { instanceFacts } from "../../test/cloud/metadata/facts";
import { readModel } from "../../test/cloud/model";
import { labRegion } from "../../test/cloud/lab";
import { UserError } from "./command";
import type { RunningLab } from "./running-lab";

const agent = "aws-vpc-move-ip";

export interface Takeover {
  /** Lets the node take the overlay address over. @returns the seconds that the agent's `start` took */
  run(): Promise<number>;
  close(): Promise<void>;
}

/** The namespace's helper is a file of its own, which a bundle does not have: it is loaded from the checkout. */
function load(root: string): typeof takeovers {
  /* eslint-disable @typescript-eslint/no-require-imports -- decided at run time */
  require("ts-node/register/transpile-only");
  return require(path.join(root, "test", "cloud", "api", "takeover.ts")) as typeof takeovers;
}

/** @returns why it cannot be measured here, or the takeover by a node of the lab */
export async function agentTakeover(
  running: RunningLab,
  nodeName: string,
  overlay: string,
): Promise<Takeover | string> {
  const { openNode, whyNoAgent } = load(running.lab.root);
  const why = whyNoAgent(agent);
  if (why !== undefined) return why;
  const ec2 = new EC2Client({ region: labRegion, endpoint: running.url, credentials: LAB_CREDENTIALS });
  const model = await readModel(running.url, labRegion);
  const instance = model.instances.find(({ name, state }) => name === nodeName && state === "running");
  const facts = instanceFacts(model, instance?.id ?? "");
  if (facts === undefined) throw new Error(`The lab has no running instance named ${nodeName}`);
  const { RouteTables = [] } = await ec2.send(
    new DescribeRouteTablesCommand({ Filters: [{ Name: "vpc-id", Values: [facts.instance.vpcId] }] }),
  );
  const binDir = running.variables.PATH?.split(path.delimiter)[1] ?? "";
  const node = await openNode({ url: running.url, facts, binDir });
  const parameters = {
    ip: overlay,
    interface: "eth0",
    routing_table: RouteTables.map((table) => table.RouteTableId ?? "").join(","),
  };
  return {
    async run() {
      const { code, seconds, stderr } = await node.agent(agent, "start", parameters);
      if (code !== 0) throw new UserError(`${agent} start on ${nodeName} ended with ${code}:\n${stderr}`);
      await node.agent(agent, "stop", parameters); // takes the address off the interface, for the next round
      return seconds;
    },
    close: () => node.close(),
  };
}
