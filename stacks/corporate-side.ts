import * as pulumi from "@pulumi/pulumi";
import { type CorporateDns, planCorporateDns } from "../components/dns/corporate.plan";
import { reverseZones } from "../components/dns/zones.plan";
import { parseCidr } from "../components/network/cidr.plan";
import { describeProblems, type Planned } from "../components/network/problem.plan";
import { planLinkRoutes } from "../components/on-premises/routes.plan";
import type { Settings } from "./settings";

/** What the people of the corporate network need: texts for their DNS servers, and routes for their routers. */
export interface CorporateSide extends CorporateDns {
  /** Destinations that corporate routers send towards AWS. */
  readonly routes: readonly string[];
  /** The same as commands, per kind of router. */
  readonly routeCommands: Readonly<Record<string, string>>;
}

export function corporateSide(settings: Settings, forwarders: readonly { address: string }[]): CorporateSide {
  const { vpcCidr } = settings.addresses;
  const vpc = value(parseCidr(vpcCidr, "vpcCidr"));
  const dns = value(
    planCorporateDns({
      zones: [settings.privateZone, ...reverseZones(vpc)],
      forwarders: forwarders.map(({ address }) => address),
    }),
  );
  const { corporate, commands } = value(
    planLinkRoutes({ vpcCidr, overlayAddress: settings.overlay, intranetCidrs: settings.intranet.cidrs }),
  );
  return { ...dns, routes: corporate, routeCommands: commands };
}

/** The settings have been judged already; what is left is said without a stack trace all the same. */
function value<T>(plan: Planned<T>): T {
  if (plan.ok) return plan.value;
  throw new pulumi.RunError(describeProblems(plan.problems));
}
