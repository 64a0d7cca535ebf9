import test from "ava";
import { planRollOut, rollOutScript } from "../../../components/dns/roll-out.plan";
import { run, testWith } from "../nodes/tools";
import { besideForwarder, withForwarder } from "./_forwarder";
import { namedConf } from "./samples";

const ZONE = "awslab.mycompany.corp";
/** Lets another client in, which was refused before. */
const GOOD = namedConf({ clients: ["10.0.0.0/16", "10.9.0.0/16"] });

/** After a failed roll-out: the old file, with owner and rights, is in place, and named answers with it. */
const AS_BEFORE = `
echo "code $code"
cmp /mnt/old /etc/named.conf && echo "old file"
ask 10.0.9.7
rndc status | grep -q 'up and running' && echo running
ls /etc/named.conf* | grep -v -e conf$ -e before$ || echo "nothing left"
`;
const WAS_RESTORED = "code 1\nold file\n10.0.0.10\nrunning\nnothing left\n";
const REFUSED = (file: string): string =>
  `cp -p /etc/named.conf /mnt/old; code=0; roll_out </mnt/${file} || code=$?\n${AS_BEFORE}`;

test("a zone that is no domain name does not get into the script", (t) => {
  t.false(planRollOut({ zone: "a.b; rm -rf /" }).ok);
  t.false(planRollOut({ zone: "$(reboot).corp" }).ok);
});

testWith("shellcheck")("shellcheck has nothing to say about the roll-out", async (t) => {
  const { code, stdout } = await run("shellcheck", ["-"], { input: rollOutScript(ZONE) });
  t.is(code, 0, stdout);
});

withForwarder(
  "a good change is put into service without a restart, and the file before is kept",
  async (t) => {
    const { code, stdout, stderr } = await besideForwarder(
      `cp /etc/named.conf /mnt/old
ask 10.9.0.7 || true
roll_out </mnt/good
ask 10.9.0.7
cmp /mnt/good /etc/named.conf; cmp /mnt/old /etc/named.conf.before; kill -0 "$forwarder"
stat -c '%U:%G %a' /etc/named.conf
ls /etc/named.conf*
test ! -e /mnt/systemctl.log`,
      { good: GOOD },
    );
    t.is(code, 0, stderr);
    t.is(stdout, "10.0.0.10\nroot:named 640\n/etc/named.conf\n/etc/named.conf.before\n", stderr);
    t.regex(stderr, /the new named\.conf is in service/);
  },
);

withForwarder("a change with a syntax error is refused before it touches anything", async (t) => {
  const { stdout, stderr } = await besideForwarder(
    `${REFUSED("broken")}test ! -e /etc/named.conf.before && echo untouched`,
    { broken: GOOD.replace("recursion yes;", "recursion yes") },
  );
  t.is(stdout, `${WAS_RESTORED}untouched\n`, stderr);
  t.regex(stderr, /named-checkconf refuses the new named\.conf; nothing was changed:\nnamed\.conf:\d+: .*/);
});

withForwarder("nothing, and half a file, are refused", async (t) => {
  const { stdout, stderr } = await besideForwarder(`${REFUSED("empty")}${REFUSED("half")}`, {
    empty: "",
    half: `${GOOD.slice(0, GOOD.length / 2)}\n`,
  });
  t.is(stdout, WAS_RESTORED.repeat(2), stderr);
  t.regex(stderr, /no named\.conf came in; nothing was changed/);
});

withForwarder("a file that named-checkconf accepts and named does not is taken back", async (t) => {
  const { stdout, stderr } = await besideForwarder(REFUSED("unusable"), {
    unusable: GOOD.replace("/var/log/named/bind.log", "/var/log/missing/bind.log"),
  });
  t.is(stdout, WAS_RESTORED, stderr);
  t.regex(stderr, /does not accept the new named\.conf/);
  t.regex(stderr, /from before is back, and named answers with it/);
});

withForwarder("a change after which nobody resolves the zone is taken back", async (t) => {
  const { stdout, stderr } = await besideForwarder(REFUSED("deaf"), {
    deaf: namedConf({ resolver: "10.0.0.3" }),
  });
  t.is(stdout, WAS_RESTORED, stderr);
  t.regex(stderr, /does not answer for awslab\.mycompany\.corp with the new named\.conf/);
});

withForwarder(
  "and so is one that asks a resolver without the zone: what the cache still knows is no proof",
  async (t) => {
    const { stdout, stderr } = await besideForwarder(REFUSED("stranger"), {
      stranger: namedConf({ resolver: "10.0.0.4" }),
    });
    t.is(stdout, WAS_RESTORED, stderr);
    t.regex(stderr, /NXDOMAIN/);
  },
);

for (const signal of ["HUP", "TERM", "INT"]) {
  withForwarder(`a roll-out that SIG${signal} ends halfway takes its file back`, async (t) => {
    const { stdout, stderr } = await besideForwarder(
      `cp -p /etc/named.conf /mnt/old; code=0
# Ignored signals cannot be trapped, and bash has jobs in the background ignore SIGINT.
PATH=/mnt/bin:$PATH python3 -c 'import os, signal; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execvp("sh", ["sh", "/mnt/roll-out"])' </mnt/deaf &
until cmp -s /mnt/deaf /etc/named.conf; do sleep 0.05; done
kill -${signal} $!; wait $! || code=$?
code=$((code > 128 ? 1 : code))
${AS_BEFORE}`,
      { deaf: namedConf({ resolver: "10.0.0.3" }) },
    );
    t.is(stdout, WAS_RESTORED, stderr);
  });
}

withForwarder("the same file again is only asked for, and named started where it does not run", async (t) => {
  const { code, stdout, stderr } = await besideForwarder(
    `cp /etc/named.conf /mnt/same
roll_out </mnt/same
kill "$forwarder"
while rndc status >/dev/null 2>&1; do sleep 0.1; done
roll_out </mnt/same
ask 10.0.9.7; ls /etc/named.conf*; cat /mnt/systemctl.log`,
  );
  t.is(code, 0, stderr);
  t.is(stdout, "10.0.0.10\n/etc/named.conf\n--quiet is-active named.service\nstart named.service\n", stderr);
});

withForwarder(
  "a user who is not root becomes root by sudo, without being asked for a password",
  async (t) => {
    const { code, stdout, stderr } = await besideForwarder(
      `printf '#!/bin/sh\\necho 1000\\n' >/mnt/bin/id
printf '#!/bin/sh\\n[ "$1" = -n ] || exit 1\\nshift; echo "sudo $1 $2"; exec "$@"\\n' >/mnt/bin/sudo
chmod +x /mnt/bin/*
roll_out </mnt/good
cmp /mnt/good /etc/named.conf`,
      { good: GOOD },
    );
    t.is(code, 0, stderr);
    t.is(stdout, "sudo sh -c\n", stderr);
  },
);
