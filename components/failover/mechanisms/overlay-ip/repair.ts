/** The AWS CLI command that puts one route right. */
import { type Host } from "../../core/addresses";
import { awsCommand, type CliSettings } from "../../core/repair";
import { type Target } from "./routes";

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
