/** What `lab:break` is told, as what the fabric understands. */
import type { FabricReport } from "../../test/cloud/fabric/control";
import type { Breakage } from "../../test/cloud/fabric/plan/breakage";
import { UserError } from "./command";

/** A line for each, for the help. */
export const breakages = [
  ["kill HOST", "its first process ends, as if the machine under it had failed; it stays down"],
  ["freeze HOST", "nothing on it runs any more, though all is there; its connections hang"],
  ["cut HOST", "no packet comes in or goes out"],
  ["cut ZONE", "no packet crosses the border of the availability zone"],
  ["loss HOST P%", "so many packets in a hundred are lost, each way"],
  ["heal", "all is put right; who was killed boots"],
] as const;

const known = breakages.map(([what]) => what).join(", ");

/**
 * Reads the words of a command line.
 *
 * @param report names the hosts and zones that there are
 * @throws UserError with what there is instead
 */
export function parseBreakage(words: readonly string[], report: FabricReport): Breakage | "heal" {
  const [kind = "", place, amount, ...rest] = words;
  const wanted = kind === "heal" ? 1 : kind === "loss" ? 3 : 2;
  if (!["kill", "freeze", "cut", "loss", "heal"].includes(kind))
    throw new UserError(`There is no '${kind}'. Give one of: ${known}.`);
  if (words.length !== wanted || rest.length > 0)
    throw new UserError(
      `'${words.join(" ")}' has too ${words.length < wanted ? "few" : "many"} words: ${known}.`,
    );
  if (kind === "heal") return "heal";
  if (kind === "cut" && zonesOf(report).includes(place ?? "")) return { kind: "cut-zone", zone: place ?? "" };
  const host = hostOf(place ?? "", kind === "cut", report);
  switch (kind) {
    case "kill":
    case "freeze":
    case "cut":
      return { kind, host };
    default:
      return { kind: "loss", host, percent: percentOf(amount ?? "") };
  }
}

/** The fabric's key of a host, by its name or key. */
function hostOf(name: string, orZone: boolean, report: FabricReport): string {
  const [found, another] = report.hosts.filter((host) => host.name === name || host.key === name);
  if (found !== undefined && another === undefined) return found.key;
  if (found !== undefined && another !== undefined)
    throw new UserError(`There are two hosts named ${name}; say which: ${found.key} or ${another.key}.`);
  const hosts = report.hosts.map((host) => host.name).sort();
  const zones = orZone ? `, and the zones ${zonesOf(report).join(", ")}` : "";
  throw new UserError(
    `There is no host ${orZone ? "or zone " : ""}${name}. There are the hosts ${hosts.join(", ")}${zones}.`,
  );
}

function zonesOf({ hosts }: FabricReport): string[] {
  return [...new Set(hosts.map(({ zone }) => zone))].filter((zone) => zone !== "").sort();
}

function percentOf(text: string): number {
  const percent = /^(\d{1,3})%?$/.exec(text)?.[1];
  if (percent !== undefined && Number(percent) >= 1 && Number(percent) <= 100) return Number(percent);
  throw new UserError(`Give the loss as a whole number from 1% to 100%, not '${text}'.`);
}

/** Ids of the instances whose status checks fail by it: nothing reaches them, or nothing runs there. */
export function unreachable(breakage: Breakage, { hosts }: FabricReport): string[] {
  const concerned = hosts.filter((host) => {
    if (breakage.kind === "cut-zone") return host.zone === breakage.zone;
    return breakage.kind !== "loss" && host.key === breakage.host;
  });
  return concerned.map(({ key }) => key).filter(isInstance);
}

export const isInstance = (key: string): boolean => key.startsWith("i-");
