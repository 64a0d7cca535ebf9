/** `npm run lab:break -- WHAT`: breaks a host, a link or a zone of the packet lab, until it is healed. */
import { CloudAdmin } from "../test/cloud/api/admin/client";
import { fabricControl } from "../test/cloud/fabric/daemon";
import type { Breakage } from "../test/cloud/fabric/plan/breakage";
import { breakages, isInstance, parseBreakage, unreachable } from "./lib/breakage";
import { command, type CommandLine, report } from "./lib/command";
import { packetLab, untilHostsAreReady } from "./lib/packets";
import { runningLab } from "./lib/running-lab";

const widest = Math.max(...breakages.map(([what]) => what.length));

const line: CommandLine = {
  name: "lab:break",
  description:
    "Breaks a host, a link or a zone of the packet lab, until you heal it, or start the instance anew. For the fake AWS " +
    "the instance runs on, and fails its status checks.",
  examples: [
    ["npm run lab:break -- kill node1", "pulls the plug of node1; then: npm run failover -- overlay node2"],
    ["npm run lab:break -- cut us-east-1a", "separates a zone from everything else"],
    ["npm run lab:break -- loss node1 20%", "loses every fifth packet of node1"],
    ["npm run lab:break -- heal", "puts everything right"],
  ],
  define: (declared) =>
    declared
      .argument("<what...>", "one of those below")
      .addHelpText(
        "after",
        `\nWhat there is to break:\n${breakages.map(([what, does]) => `  ${what.padEnd(widest)}  ${does}`).join("\n")}`,
      ),
};

command(line, async (_options, words) => {
  const lab = await packetLab();
  const control = fabricControl(lab);
  const found = await control.report();
  const asked = parseBreakage(words, found);
  const admin = new CloudAdmin((await runningLab(lab)).url);
  if (asked !== "heal") {
    await control.break(asked);
    for (const id of unreachable(asked, found)) await admin.impair(id);
    const name =
      "host" in asked ? (found.hosts.find(({ key }) => key === asked.host)?.name ?? asked.host) : asked.zone;
    process.stdout.write(`${told(asked, name)} Undo it: npm run lab:break -- heal\n`);
    return 0;
  }
  if (found.breakages.length === 0) {
    process.stdout.write("Nothing was broken.\n");
    return 0;
  }
  report("Healing; hosts that were killed boot …");
  await control.heal();
  for (const { key } of found.hosts.filter(({ key, state }) => isInstance(key) && state !== "off"))
    await admin.impair(key, false);
  await untilHostsAreReady(lab);
  process.stdout.write("All is as it was.\n");
  return 0;
});

function told(breakage: Breakage, name: string): string {
  switch (breakage.kind) {
    case "kill":
      return `${name} is down.`;
    case "freeze":
      return `${name} is frozen.`;
    case "cut":
      return `${name} is cut off.`;
    case "cut-zone":
      return `The zone ${name} is cut off.`;
    case "loss":
      return `${name} loses ${breakage.percent}% of its packets, each way.`;
  }
}
