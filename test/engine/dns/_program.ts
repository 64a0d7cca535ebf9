/** Small programs with the product's components, on the real engine against a fake AWS of their own. */
import * as fs from "node:fs";
import * as path from "node:path";
import { projectRoot } from "../../cloud/lab";
import { type Lab, Project } from "../plugins/_fixture";

/** What every program has: a network in two zones, with transit subnets. */
const NETWORK = `
require("ts-node/register/transpile-only");
const { planAddresses } = require("./components/network/address.plan");
const { Network } = require("./components/network/network");
const region = "us-east-1";
const tags = { Lab: "test" };
const plan = planAddresses({ vpcCidr: "10.0.0.0/16", zones: ["us-east-1a", "us-east-1b"], onPremisesLink: true }).value;
const network = new Network("lab", { region, addresses: plan, egress: "none", tags });
const { vpcId } = network;
const place = (owner) => network.place(plan.addresses[owner]);
`;

/** A project whose programs may use `network`, `place(owner)`, `vpcId`, `region`, `tags` and `./components/…`. */
export async function componentProject(lab: Lab, name: string, body: string): Promise<ComponentProject> {
  const { folder, environment } = await lab.project(name, "");
  fs.symlinkSync(path.join(projectRoot(), "components"), path.join(folder, "components"));
  const typescript = { TS_NODE_PROJECT: path.join(projectRoot(), "tsconfig.json") };
  const project = new ComponentProject(folder, { ...environment, ...typescript });
  project.write(body);
  await project.pulumi("config", "set", "aws:region", "us-east-1");
  return project;
}

export class ComponentProject extends Project {
  override write(body: string): void {
    super.write(`${NETWORK}${body}`);
  }
}
