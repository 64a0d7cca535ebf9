import test from "ava";
import { overlayRoutes } from "./_aws";
import { TestLab } from "./_lab";

const lab = new TestLab();
test.before(async () => {
  await lab.succeed("lab");
});
test.after.always(async () => {
  await lab.remove();
});

const options: readonly (readonly [key: string, value: string])[] = [
  ["egress", "nat"],
  ["dnsForwarding", "both"],
  ["transitGateway", "new"],
  ["serviceTtl", "30"],
];

test.serial(
  "everything optional can be added to a running lab, and the routes reach the new route table",
  async (t) => {
    const before = Object.keys(await overlayRoutes(lab.ec2));
    for (const [key, value] of options) await lab.succeed("pulumi", "config", "set", key, value);
    const { stdout } = await lab.succeed("lab");
    t.notRegex(stdout, /\d+ replaced/, "nothing that was there is replaced");
    const after = await overlayRoutes(lab.ec2);
    t.true(Object.keys(after).length > before.length);
    t.deepEqual([...new Set(Object.values(after))], ["node1"]);
    t.regex(stdout, /resolver2/);
  },
);

test.serial("then nothing is left to change", async (t) => {
  const { stdout } = await lab.succeed("pulumi", "preview", "--expect-no-changes");
  t.notRegex(stdout, /to (create|update|replace|delete)/);
});

test.serial("and all of it can be removed", async (t) => {
  const { stderr } = await lab.succeed("lab:down");
  t.regex(stderr, /The lab is down/);
});
