/**
 * What the dynamic resource of `pair-settings-resource.ts` does, as plain functions without Pulumi. It changes nothing in
 * AWS: it works out what each node is to be made with, so that an update takes down one node at most, and none that has a
 * service.
 */
import type { Kind } from "../failover/mechanisms";
import type { Instance } from "@aws-sdk/client-ec2";
import { kinds } from "../failover/mechanisms";
import { awsContext, type Context } from "../failover/core/context";
import { deadlineIn, persist } from "../failover/core/retry";
import { messageOf } from "../failover/provider/messages";
import { say } from "../failover/provider/say";
import { hasUnknown, sameValue } from "../failover/provider/values";
import { type NodeNow, type NodeSettings, planRollOut, sameSettings } from "./pair-settings.plan";

/** A service that the pair has, as far as it is known before there are nodes. */
export type PairService = { readonly kind: Kind; readonly region: string } & Readonly<
  Record<string, unknown>
>;

/** Inputs of the resource. */
export interface PairSettingsInputs {
  readonly region: string;
  readonly profile?: string;
  readonly vpcId: string;
  /** The nodes by their Name tag, in order of preference. */
  readonly names: readonly string[];
  readonly wanted: NodeSettings;
  readonly services: readonly PairService[];
  /** Worked out by `check`: what each node is to be made with. */
  readonly nodes?: Readonly<Record<string, NodeSettings>>;
}

interface Checked {
  readonly inputs: PairSettingsInputs;
  readonly failures: { readonly property: string; readonly reason: string }[];
}

export async function checkPairSettings(
  olds: Partial<PairSettingsInputs>,
  news: PairSettingsInputs,
  context: Context = awsContext(news.profile === undefined ? {} : { profile: news.profile }),
): Promise<Checked> {
  const { names, wanted } = news;
  const alike = Object.fromEntries(names.map((node) => [node, wanted]));
  const before = olds.nodes;
  const isMet = (node: string): boolean => before?.[node] !== undefined && sameSettings(before[node], wanted);
  // Nothing is asked of AWS while nothing is to be changed.
  if (names.every(isMet)) return { inputs: { ...news, nodes: alike }, failures: [] };
  if (hasUnknown(news)) return { inputs: { ...news, nodes: { ...alike, ...before } }, failures: [] };
  try {
    const { nodes, next, waiting } = planRollOut(names, wanted, await nodesNow(news, context));
    if (next !== undefined) say(`${next} gets ${described(wanted)} in this update.`);
    for (const { node, reason } of waiting) say(`warning: ${node} keeps what it has for now: ${reason}.`);
    return { inputs: { ...news, nodes }, failures: [] };
  } catch (error) {
    const reason = `which node can be changed could not be found out: ${messageOf(error)}`;
    return { inputs: news, failures: [{ property: "wanted", reason }] };
  }
}

function described({ instanceType, keyName }: NodeSettings): string {
  return `type ${instanceType} and ${keyName === undefined ? "no key pair" : `key pair ${keyName}`}`;
}

/** The pair's instances that exist, with the services that are on them. */
async function nodesNow(
  { region, vpcId, names, services }: PairSettingsInputs,
  context: Context,
): Promise<Record<string, NodeNow>> {
  const [instances, places] = await Promise.all([
    instancesOf(region, vpcId, names, context),
    Promise.all(
      services.map(async (service) => {
        const { mechanism, label } = kinds[service.kind];
        const shape = { ...service, candidates: {} };
        const { places: found } = await mechanism.locate(shape, context);
        return { label: label(shape), targets: found.flatMap(({ target }) => target ?? []) };
      }),
    ),
  ]);
  return Object.fromEntries(
    instances.map((instance) => {
      const ids = idsOf(instance);
      const services_ = places.filter(({ targets }) => targets.some((target) => ids.has(target)));
      const settings: NodeSettings = {
        instanceType: instance.InstanceType ?? "",
        ...(instance.KeyName === undefined ? {} : { keyName: instance.KeyName }),
      };
      return [nameOf(instance), { settings, services: services_.map(({ label }) => label) }];
    }),
  );
}

/** Everything by which a route, an attachment or a record may lead to an instance. */
function idsOf(instance: Instance): Set<string> {
  const interfaces = instance.NetworkInterfaces ?? [];
  return new Set(
    [
      instance.InstanceId,
      ...interfaces.map(({ NetworkInterfaceId }) => NetworkInterfaceId),
      ...interfaces.flatMap(({ PrivateIpAddresses = [] }) =>
        PrivateIpAddresses.map(({ PrivateIpAddress }) => PrivateIpAddress),
      ),
    ].filter((id) => id !== undefined),
  );
}

function nameOf(instance: Instance): string {
  return instance.Tags?.find(({ Key }) => Key === "Name")?.Value ?? "";
}

async function instancesOf(
  region: string,
  vpcId: string,
  names: readonly string[],
  context: Context,
): Promise<Instance[]> {
  const ec2 = await context.ec2(region);
  const found: Instance[] = [];
  let NextToken: string | undefined;
  const Filters = [
    { Name: "vpc-id", Values: [vpcId] },
    { Name: "tag:Name", Values: [...names] },
    { Name: "instance-state-name", Values: ["pending", "running", "stopping", "stopped"] },
  ];
  do {
    const answer = await persist((options) => ec2.describeInstances({ Filters, NextToken }, options), {
      deadline: deadlineIn(context.limits.look),
      perCall: context.limits.readCall,
    });
    found.push(...(answer.Reservations ?? []).flatMap(({ Instances = [] }) => Instances));
    NextToken = answer.NextToken;
  } while (NextToken !== undefined && NextToken !== "");
  return found;
}

/** What Pulumi's process for dynamic providers calls. */
export function pairSettingsProvider(): object {
  return {
    check: (olds: Partial<PairSettingsInputs>, news: PairSettingsInputs) => checkPairSettings(olds, news),
    diff: (_id: string, olds: PairSettingsInputs, news: PairSettingsInputs) =>
      Promise.resolve({
        changes: !sameValue(olds.nodes, news.nodes) || !sameValue(olds.wanted, news.wanted),
      }),
    create: (news: PairSettingsInputs) => Promise.resolve({ id: news.names.join("+"), outs: news }),
    update: (_id: string, _olds: PairSettingsInputs, news: PairSettingsInputs) =>
      Promise.resolve({ outs: news }),
  };
}
