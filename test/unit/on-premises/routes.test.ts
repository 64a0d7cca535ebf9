import test from "ava";
import { type LinkRoutesArgs, planLinkRoutes } from "../../../components/on-premises/routes.plan";
import { inNamespaces } from "../dns/_namespace";
import { testWith } from "../nodes/tools";

const ARGS: LinkRoutesArgs = {
  vpcCidr: "10.0.0.0/16",
  overlayAddress: "192.168.10.1/32",
  intranetCidrs: ["10.8.0.0/14", "172.20.0.0/16"],
  router: "10.8.0.1",
};

test("each side gets its routes; only the overlay address is static at the transit gateway", (t) => {
  const result = planLinkRoutes(ARGS);
  t.true(result.ok);
  if (!result.ok) return;
  t.deepEqual(result.value.vpc, ["10.8.0.0/14", "172.20.0.0/16"]);
  t.deepEqual(result.value.transitGateway, ["192.168.10.1/32"]);
  t.deepEqual(result.value.corporate, ["10.0.0.0/16", "192.168.10.1/32"]);
  t.is(result.value.commands.windows.split("\n")[0], "route -p add 10.0.0.0 mask 255.255.0.0 10.8.0.1");
  t.is(result.value.commands.ios.split("\n")[1], "ip route 192.168.10.1 255.255.255.255 10.8.0.1");
});

testWith(
  "root",
  "namespaces",
  "ip",
)("Linux takes the commands, twice", async (t) => {
  const result = planLinkRoutes(ARGS);
  if (!result.ok) throw new Error("refused");
  const { code, stdout, stderr } = await inNamespaces(`
ip link add lan type veth peer name far; ip link set lan up; ip link set far up; ip address add 10.8.0.9/14 dev lan
${result.value.commands.linux}${result.value.commands.linux}
ip route get 192.168.10.1; ip route get 10.0.200.1`);
  t.is(code, 0, stderr);
  t.is(stdout.match(/via 10\.8\.0\.1 dev lan/g)?.length, 2);
});

test("without a router the commands show where it belongs", (t) => {
  const result = planLinkRoutes({ ...ARGS, router: undefined });
  t.true(result.ok && result.value.commands.linux.includes("via ROUTER"));
});

test("every problem is told at once", (t) => {
  const result = planLinkRoutes({
    vpcCidr: "10.0.0.0/16",
    overlayAddress: "10.0.7.0/24",
    intranetCidrs: ["10.0.0.0/8", "2001:db8::/32", "x"],
    router: "gw",
  });
  t.false(result.ok);
  if (result.ok) return;
  t.deepEqual(
    result.problems.map((p) => p.key),
    [
      "intranetCidrs[1]",
      "intranetCidrs[2]",
      "router",
      "overlayAddress",
      "overlayAddress",
      "intranetCidrs[0]",
      "intranetCidrs[0]",
    ],
  );
  t.false(planLinkRoutes({ ...ARGS, intranetCidrs: [] }).ok);
});
