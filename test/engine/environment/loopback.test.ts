/** A lab reaches loopback only, whatever is in the user's environment. */
import test from "ava";
import { ownLab } from "../../cloud/lab";
import { TestLab } from "../lab/_lab";
import { hostile } from "./_hostile";
import { inLoopbackWorld, whyNoWorld } from "./_loopback-world";

const why = whyNoWorld();
/** Never left out in CI. */
const wherePossible = why === undefined || process.env.CI ? test.serial : test.serial.skip;
const named = (title: string): string => (why === undefined ? title : `${title} (${why})`);

function environment(lab: TestLab): NodeJS.ProcessEnv {
  const { PATH, HOME, XDG_CACHE_HOME } = process.env;
  const own = { PATH, HOME, FAILOVER_LAB_DIR: lab.directory, FAILOVER_LAB_STACK: lab.stack };
  return { ...hostile, ...own, ...(XDG_CACHE_HOME === undefined ? {} : { XDG_CACHE_HOME }) };
}

wherePossible(named("the watch sees what leaves: names, and packets to other addresses"), async (t) => {
  const probe = `
    node -e 'require("dns").lookup("ec2.us-east-1.amazonaws.com", () => 0)'
    node -e 'require("net").connect(443, "203.0.113.7").on("error", () => 0)'`;
  const { code, names, packets } = await inLoopbackWorld(probe, { PATH: process.env.PATH });
  t.is(code, 0);
  t.true(names.includes("ec2.us-east-1.amazonaws.com"));
  t.true(packets > 0);
});

wherePossible(
  named("a lab is built, failed over, previewed, judged and taken down with a poisoned environment"),
  async (t) => {
    const lab = new TestLab();
    t.teardown(() => lab.remove());
    const python = `
import boto3
for session in (boto3.Session(), boto3.Session(profile_name="default")):
    assert len(session.client("ec2").describe_vpcs()["Vpcs"]) > 0
    assert session.client("sts").get_caller_identity()["Account"] == "123456789012"
`;
    const script = `
      set -e
      cd '${ownLab().root}'
      npm run -s lab
      npm run -s lab
      npm run -s failover -- overlay node2 --json
      npm run -s failover -- eni node-b --json
      npm run -s failover -- dns node2 --json
      npm run -s pulumi -- preview --expect-no-changes
      npm run -s policy
      eval "$(npm run -s lab:env)"
      for name in AWS_PROFILE AWS_USE_FIPS_ENDPOINT AWS_ENDPOINT_URL_EC2 HTTPS_PROXY https_proxy PULUMI_OPTION_TARGET; do
        [ -z "\${!name+set}" ] || { echo "$name is still set"; exit 1; }
      done
      unset PYTHONPATH
      pulumi stack output vpcId
      pulumi preview --expect-no-changes
      aws ec2 describe-vpcs --query 'Vpcs[].VpcId'
      aws --profile default ec2 describe-vpcs --query 'Vpcs[].VpcId'
      aws --profile default route53 list-hosted-zones --query 'HostedZones[].Name'
      python -c '${python}'
      npm run -s lab:down
      echo "all of it passed"`;
    const { code, output, names, packets } = await inLoopbackWorld(script, environment(lab));
    t.is(code, 0, output);
    t.regex(output, /all of it passed/);
    t.regex(output, /PULUMI_STACK=prod is not looked at/);
    t.deepEqual(names, [], "names that were asked for");
    t.is(packets, 0, "packets to other addresses");
  },
);
