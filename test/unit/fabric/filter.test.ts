/** The rules of a VPC's router: what passes, and what a person has broken. */
import test from "ava";
import { deviceOf } from "../../cloud/fabric/plan/names";
import type { Breakage } from "../../cloud/fabric/plan/breakage";
import { planNetwork } from "../../cloud/fabric/plan/network";
import { model, node, running, table } from "./_model";

const node1 = node(1, "10.0.0.10", "a");
const node2 = node(2, "10.0.16.10", "b", true);
const nodes = [node1, node2];
const [one, two] = nodes.map(({ networkInterface }) => deviceOf(networkInterface.id));

function filter(...breakages: Breakage[]): string {
  const known = model(nodes, [table("rtb-0000000000000000a", [], [], true)]);
  const plan = planNetwork({ model: known, running: running(nodes), breakages });
  return plan.routers.find(({ namespace }) => namespace.startsWith("vpc-"))?.filter ?? "";
}

const chain = (text: string, name: string): string[] =>
  (new RegExp(`chain ${name} \\{\\n([^}]*)\\}`).exec(text)?.[1] ?? "").split("\n").map((line) => line.trim());

test("a security group's rules are those of its interfaces, ports, types and groups included; the rest is dropped", (t) => {
  t.deepEqual(chain(filter(), `in_${one}`), [
    "ip saddr 172.16.0.0/12 tcp dport 8080-8081 accept",
    "ip saddr @sg_1 accept",
    "ip saddr 10.0.0.0/16 icmp type 3 icmp code 4 accept",
    "drop",
    "",
  ]);
  t.deepEqual(chain(filter(), `out_${one}`), ["ip daddr 0.0.0.0/0 return", "drop", ""]);
  t.regex(filter(), /set sg_1 \{ type ipv4_addr; elements = \{ 10\.0\.0\.10, 10\.0\.16\.10 \}/);
});

test("source/dest check is off for those interfaces alone whose attribute says so", (t) => {
  t.regex(filter(), new RegExp(`set unchecked \\{ type ifname; elements = \\{ "${one}" \\}`));
  t.regex(filter(), new RegExp(`"${two}" \\. 10\\.0\\.16\\.10`));
});

test("nothing passes by default", (t) => {
  for (const hook of ["forward", "input"])
    t.regex(filter(), new RegExp(`type filter hook ${hook} priority 0; policy drop;`));
});

test("a host that is cut off, or loses packets, does so both ways; a zone is cut off from the rest only", (t) => {
  const cut = filter({ kind: "cut", host: "node1" });
  const loss = filter({ kind: "loss", host: "node2", percent: 20 });
  const zone = filter({ kind: "cut-zone", zone: "us-east-1b" });
  for (const side of ["iifname", "oifname"]) {
    t.true(cut.includes(`${side} "${one}" drop`));
    t.true(loss.includes(`${side} "${two}" numgen random mod 100 < 20 drop`));
  }
  t.true(zone.includes(`iifname { "${two}" } oifname != { "${two}" } drop`));
  t.true(zone.includes(`iifname != { "${two}" } oifname { "${two}" } drop`));
  t.false(filter().includes("numgen"));
});
