/** AWS CLI commands, for people, that put right what a move could not. */
import { type Host } from "./addresses";
import { type Target } from "./routes";

export interface CliSettings {
  region: string;
  profile?: string;
}

/** One command line, e.g. `aws ec2 replace-route --region us-east-1 …`. Values are ids and addresses: no quoting. */
export function awsCommand(
  settings: CliSettings,
  service: string,
  action: string,
  options: string[],
): string {
  const profile = settings.profile === undefined ? [] : ["--profile", settings.profile];
  return ["aws", service, action, "--region", settings.region, ...profile, ...options].join(" ");
}

/** What makes one table's route, which leads to `now`, lead to the target; undefined: to nowhere. */
export function repairRoute(
  settings: CliSettings & { destination: Host },
  table: string,
  target: Target | undefined,
  now: Target | undefined,
): string {
  const { family, cidr } = settings.destination;
  const option = family === "ipv4" ? "--destination-cidr-block" : "--destination-ipv6-cidr-block";
  const where = ["--route-table-id", table, option, cidr];
  if (target === undefined) return awsCommand(settings, "ec2", "delete-route", where);
  const action = now === undefined ? "create-route" : "replace-route";
  return awsCommand(settings, "ec2", action, [...where, optionFor(target.kind), target.id]);
}

/** `NetworkInterfaceId` to `--network-interface-id`: the CLI's options are the API's fields. */
function optionFor(field: string): string {
  return `-${field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
