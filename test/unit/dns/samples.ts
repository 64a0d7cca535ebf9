import { type NamedConfArgs, planNamedConf } from "../../../components/dns/named-conf.plan";
import { describeProblems } from "../../../components/network/problem.plan";

/** The forwarders of the reference environment. */
export const DEFAULTS: NamedConfArgs = {
  clients: ["10.8.0.0/16", "10.0.0.0/16"],
  resolver: "10.0.0.2",
  privateZone: "awslab.mycompany.corp",
  region: "us-east-1",
  vpcCidr: "10.0.0.0/16",
};

export function namedConf(args: Partial<NamedConfArgs> = {}): string {
  const result = planNamedConf({ ...DEFAULTS, ...args });
  if (!result.ok) throw new Error(describeProblems(result.problems));
  return result.value;
}
