/** Other people's stacks, previewed with the pack and no configuration: what is wrong is found, and nothing else. */
import test from "ava";
import { PreviewLab } from "../mutants/_lab";

let lab: PreviewLab;
test.before(async () => {
  lab = await PreviewLab.start();
});
test.after.always(async () => {
  await lab.stop();
});

const stacks: Readonly<Record<string, readonly string[]>> = {
  bastion: ["no-world-open-ports: SecurityGroupIngressRule ssh opens port 22 to 0.0.0.0/0"],
  "wildcard-iam": [
    "iam-no-wildcard-action: RolePolicyAttachment admin attaches arn:aws:iam::aws:policy/AdministratorAccess",
    "iam-no-wildcard-resource: RolePolicy read allows s3:GetObject on all resources",
  ],
  "zone-pair": [
    "private-zone-private: Zone outside is a public zone, and the record db-leak in it has the internal address",
    "vpc-dns-on: Vpc main has enableDnsHostnames off",
    "zone-protected: Zone inside is not protected",
  ],
};

for (const [stack, expected] of Object.entries(stacks)) {
  test(`${stack}: ${expected.length} findings, no false alarm`, async (t) => {
    const project = await lab.project(`../foreign/${stack}.ts`);
    const { failure, violations, advisories } = await lab.preview(project, "none", {});
    t.is(failure, undefined);
    const said = [...violations, ...advisories].map(
      ({ rule, message }) => `${rule}: ${message.slice(message.indexOf("\n") + 1)}`,
    );
    t.is(said.length, expected.length, said.join("\n"));
    for (const [i, text] of said.sort().entries()) t.true(text.startsWith(expected[i] ?? ""), text);
  });
}

test("what a preview cannot know is let pass by it, and refused by the update before it is made", async (t) => {
  const project = await lab.project("../foreign/late.ts");
  const preview = await lab.preview(project, "none", {});
  t.is(preview.failure, undefined);
  t.deepEqual([...preview.violations, ...preview.advisories], []);
  const { code, output } = await lab.update(project);
  t.not(code, 0);
  t.regex(output, /iam-no-wildcard-action/);
  t.regex(output, /RolePolicy late allows ec2:\* in statement 1/);
  const audit = await lab.calls();
  t.true(audit.includes("CreateRole"));
  t.false(audit.includes("PutRolePolicy"));
});
