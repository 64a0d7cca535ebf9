import * as awsConfig from "@pulumi/aws/config";
import { getAvailabilityZones } from "@pulumi/aws/getAvailabilityZones";
import * as pulumi from "@pulumi/pulumi";
import { type Problem } from "../components/network/problem.plan";
import { identityProblems } from "./identity";
import { readSettings, type Settings, SettingsError } from "./settings";

export interface StackSettings {
  readonly region: string;
  /** Named profile of the AWS configuration, if the stack has one. */
  readonly profile?: string;
  readonly settings: Settings;
  /** Name of the stack, and value of the tag `Lab`. */
  readonly name: string;
}

/** The selected stack's settings. A user's mistakes end the program with all of them listed, and no stack trace. */
export async function stackSettings(): Promise<StackSettings> {
  const identity = identityProblems(Object.keys(pulumi.runtime.allConfig()));
  try {
    const region = awsConfig.region;
    if (region === undefined) throw new SettingsError([noRegion, ...identity]);
    const raw = ownConfig();
    // A failover runs this program too: what the stack says need not be asked. Nor is anything asked as the wrong one.
    const named = (raw.zones ?? "[]") !== "[]";
    const zones = named ? undefined : await availableZones(region, identity.length > 0);
    const settings = readSettings(raw, region, zones, identity);
    return { region, profile: awsConfig.profile, settings, name: pulumi.getStack() };
  } catch (error) {
    if (error instanceof SettingsError) throw new pulumi.RunError(error.message);
    throw error;
  }
}

const noRegion: Problem = {
  key: "aws:region",
  reason: "is not set",
  remedy: "write a region, like us-east-1",
};

/**
 * The region's zones, without the local zones that the account has opted into.
 * @param refused whether the update is refused anyway: then there need not be zones of these names
 */
async function availableZones(region: string, refused: boolean): Promise<string[]> {
  if (refused) return [`${region}a`, `${region}b`];
  const filters = [{ name: "zone-type", values: ["availability-zone"] }];
  return (await getAvailabilityZones({ state: "available", filters })).names;
}

/** The project's own keys, without its name. */
function ownConfig(): Record<string, string> {
  const prefix = `${pulumi.getProject()}:`;
  const all = Object.entries(pulumi.runtime.allConfig());
  return Object.fromEntries(
    all.filter(([key]) => key.startsWith(prefix)).map(([key, value]) => [key.slice(prefix.length), value]),
  );
}
