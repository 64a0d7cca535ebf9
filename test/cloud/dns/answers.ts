import type { CloudModel } from "../model";
import { respond } from "./message";
import { PacketLimit } from "./packet-limit";
import type { AnswerTo } from "./server";
import { interfaceInVpc, resolveInVpc } from "./vpc-resolver";

export interface VpcResolverOptions {
  readonly vpcId: string;
  /** What is in the cloud now; undefined as long as that is not known. */
  readonly model: () => CloudModel | undefined;
}

/**
 * Answers as the resolver of a VPC does: interfaces of the VPC alone, each up to its limit of packets; for everybody else
 * it is as if nobody were there.
 */
export function vpcResolver({ vpcId, model }: VpcResolverOptions): AnswerTo {
  const limit = new PacketLimit();
  return (query, transport, client) => {
    const known = model();
    if (known === undefined) return undefined;
    const now = Date.now();
    const from = interfaceInVpc(known, vpcId, client);
    if (from === undefined || !limit.allows(from, now, known.resolverPacketsPerSecond)) return undefined;
    return respond(query, transport, (question) => resolveInVpc(known, vpcId, question, now));
  };
}
