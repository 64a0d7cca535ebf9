/**
 * Resources whose creation the engine began and did not see the end of, because it was killed: AWS may have made them, and
 * the state does not know. Another creation of the same would be refused (an address in use), and so would the removal of
 * what they are in.
 */
import { DescribeTagsCommand } from "@aws-sdk/client-ec2";
import * as fs from "node:fs";
import * as path from "node:path";
import { type Lab, labPaths } from "../../test/cloud/lab";
import { report, UserError } from "./command";
import { labClients } from "./lab-clients";
import { runProgram } from "./processes";
import type { RunningLab } from "./running-lab";
import { deploymentOf, project, type PendingOperation } from "./state";

function pendingCreates(lab: Lab): readonly PendingOperation[] {
  return (deploymentOf(lab)?.pending_operations ?? []).filter(({ type }) => type === "creating");
}

/** Whether any update of the stack has come to a good end; those that were killed leave no entry in its history. */
function wasComplete(lab: Lab): boolean {
  const folder = path.join(labPaths(lab).state, ".pulumi", "history", project, lab.stack);
  if (!fs.existsSync(folder)) return false;
  return fs
    .readdirSync(folder)
    .filter((name) => name.endsWith(".history.json"))
    .some((name) => {
      const { kind, result } = JSON.parse(fs.readFileSync(path.join(folder, name), "utf8")) as {
        kind?: string;
        result?: string;
      };
      return kind === "update" && result === "succeeded";
    });
}

/**
 * Whether the lab was killed while it was built for the first time. What is there then is worth nothing, and lives in the
 * fake AWS alone.
 */
export function isHalfBuilt(lab: Lab): boolean {
  return pendingCreates(lab).length > 0 && !wasComplete(lab);
}

/** Types of Pulumi by the types that EC2 names in its tags. */
const taggedTypes: Readonly<Record<string, string>> = {
  "aws:ec2/eip:Eip": "elastic-ip",
  "aws:ec2/instance:Instance": "instance",
  "aws:ec2/internetGateway:InternetGateway": "internet-gateway",
  "aws:ec2/natGateway:NatGateway": "natgateway",
  "aws:ec2/networkInterface:NetworkInterface": "network-interface",
  "aws:ec2/routeTable:RouteTable": "route-table",
  "aws:ec2/securityGroup:SecurityGroup": "security-group",
  "aws:ec2/subnet:Subnet": "subnet",
  "aws:ec2/vpc:Vpc": "vpc",
  "aws:ec2/vpcEndpoint:VpcEndpoint": "vpc-endpoint",
};

/**
 * Takes what AWS has made into the state, found by type and by the tags `Lab` and `Name`, and forgets the rest of what is
 * pending: a refresh has looked at everything else then.
 */
export async function adoptPending(running: RunningLab): Promise<void> {
  const { lab, env } = running;
  const pending = pendingCreates(lab);
  if (pending.length === 0) return;
  report(`An earlier update was killed while it created ${pending.length} resources: looking for them …`);
  const found = await findThem(running, pending);
  const adopted = Object.entries(found).flatMap(([urn, id]) => [
    "--import-pending-creates",
    urn,
    "--import-pending-creates",
    id,
  ]);
  const args = ["refresh", "--yes", "--skip-preview", ...adopted, "--clear-pending-creates"];
  const { code } = await runProgram("pulumi", args, { cwd: lab.root, env, output: "pass" });
  if (code !== 0) throw new UserError("The state could not be brought up to date, see above.", code);
}

async function findThem(
  running: RunningLab,
  pending: readonly PendingOperation[],
): Promise<Record<string, string>> {
  const { lab } = running;
  const { Tags = [] } = await labClients(running).ec2.send(new DescribeTagsCommand({}));
  const known = new Set((deploymentOf(lab)?.resources ?? []).map(({ id }) => id));
  const ours = new Set(
    Tags.filter(({ Key, Value }) => Key === "Lab" && Value === lab.stack).map((tag) => tag.ResourceId),
  );
  const found = pending.flatMap(({ resource }) => {
    const { tags } = (resource.inputs ?? {}) as { tags?: { Name?: string } };
    const match = Tags.find(
      ({ Key, Value, ResourceId, ResourceType }) =>
        Key === "Name" &&
        Value === tags?.Name &&
        ResourceType === taggedTypes[resource.type] &&
        ours.has(ResourceId) &&
        !known.has(ResourceId),
    );
    return match?.ResourceId === undefined ? [] : [[resource.urn, match.ResourceId] as const];
  });
  return Object.fromEntries(found);
}
