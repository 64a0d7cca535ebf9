/**
 * Refuses updates that would take a service away in passing: by replacing the node that has it, or all nodes at once.
 * The engine asks each resource what it would do when the nodes that it depends on become unknown, before it deletes any
 * of them (`step_generator.go`, calculateDependentReplacements); that question is answered here with an error.
 */
import { plain } from "./messages";
import { instanceProblems } from "../core/instance-preflight";
import { deadlineIn } from "../core/retry";
import { type Inputs, nodeKey, nodeNames, serviceOf, type State } from "./states";
import type { Subject } from "./subject";
import { hasUnknown, unknownValue } from "./values";

/** Nodes that are replaced by this update, by service: the engine asks about one after the other. */
const condemned = new Map<string, Set<string>>();

/** The nodes that the update is about to replace: known before, and unknown now. */
export function condemnedNodes(olds: Inputs, news: Inputs): string[] {
  return nodeNames(olds).filter((name) => {
    const [then, now] = [olds[nodeKey(name)], news[nodeKey(name)]];
    return now !== undefined && hasUnknown(now) && !hasUnknown(then);
  });
}

/** @throws if the update would take down the node that has the service, two nodes at once, or the thing itself */
export async function guard(id: string, olds: State, news: Inputs, subject: Subject): Promise<void> {
  const { itself } = subject.facts;
  const label = subject.label(olds);
  if (news.service === unknownValue)
    throw plain(
      `The state of ${label} was written by an older version, so which node is replaced can't be told. Nothing was ` +
        "changed. Run a plain update first (pulumi up), then this one.",
    );
  const nodes = condemnedNodes(olds, news);
  const isLost = itself !== undefined && hasUnknown(news[itself]) && !hasUnknown(olds[itself]);
  if (nodes.length === 0 && !isLost) return;
  const location = await subject.look(olds);
  const holders = location.places.flatMap(({ node, target }) => node ?? target ?? []);
  if (isLost && holders.length > 0)
    throw plain(
      `${label} is on ${holders.join(", ")}, and this update would replace it. Nothing was changed. Leave its address, ` +
        "subnet and zone as they are; or remove the service first, and add it anew.",
    );
  const all = new Set([...(condemned.get(id) ?? []), ...nodes]);
  condemned.set(id, all);
  const healthy: string[] = [];
  for (const node of all) if (await isHealthy(olds, node, subject)) healthy.push(node);
  const active = healthy.find((node) => holders.includes(node));
  const standby = nodeNames(olds).find((node) => !all.has(node));
  if (active !== undefined)
    throw plain(
      `${label} is on ${active}, which this update would replace. Nothing was changed. ` +
        (standby === undefined
          ? "No other node would be left to take over: put the setting back that replaces them all; or take the stack down, and build it anew with it."
          : `Fail over first (npm run failover -- SERVICE ${standby}), then run this again.`),
    );
  if (healthy.length > 1)
    throw plain(
      `This update would replace ${healthy.join(" and ")} of ${label} at once, and nobody could take over meanwhile. ` +
        "Nothing was changed. Replace one node in one update: the standby first, then fail over, then the other one.",
    );
}

/** A node that can't be judged counts as healthy: an update is no way to find out. */
async function isHealthy(olds: Inputs, node: string, subject: Subject): Promise<boolean> {
  const { region, candidates } = serviceOf(olds);
  const instanceId = candidates[node]?.instanceId;
  if (instanceId === undefined) return true;
  const context = subject.context(olds);
  const deadline = deadlineIn(context.limits.look);
  const ec2 = await context.ec2(region);
  const { problems, instance } = await instanceProblems(ec2, node, instanceId, context, deadline);
  if (instance === undefined) return !problems.some(({ reason }) => reason === "does not exist");
  return problems.length === 0;
}
