import * as awsConfig from "@pulumi/aws/config";
import { getAvailabilityZones } from "@pulumi/aws/getAvailabilityZones";
import * as pulumi from "@pulumi/pulumi";
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
  const region = awsConfig.region;
  if (region === undefined) {
    throw new pulumi.RunError("aws:region is not set. Set it with: pulumi config set aws:region us-east-1");
  }
  try {
    const raw = ownConfig();
    // A failover runs this program too: what the stack says need not be asked.
    const zones = (raw.zones ?? "[]") === "[]" ? await availableZones() : undefined;
    const settings = readSettings(raw, region, zones);
    return { region, profile: awsConfig.profile, settings, name: pulumi.getStack() };
  } catch (error) {
    if (error instanceof SettingsError) throw new pulumi.RunError(error.message);
    throw error;
  }
}

/** The region's zones, without the local zones that the account has opted into. */
async function availableZones(): Promise<string[]> {
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
