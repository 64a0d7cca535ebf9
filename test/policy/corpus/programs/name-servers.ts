/** BIND in the roles and by the ways in which people set it up. */
import { types } from "../../../../policy/lib/types";
import { type Given, given, of } from "../../_judge";
import { type Cases, fine, wrong } from "../_case";
import * as net from "../_network";

const { network, vpc, subnetB, machine } = net;

const group = given(types.securityGroup, "dns", {
  vpcId: of(vpc),
  ingress: ["udp", "tcp"].map((protocol) => ({
    protocol,
    fromPort: 53,
    toPort: 53,
    cidrBlocks: ["10.0.0.0/8"],
  })),
});
const base = [network, group].flat();

/** Two of the same, in two zones. */
function pair(userData: string): readonly Given[] {
  const props = { userData, vpcSecurityGroupIds: [of(group)] };
  return [...base, machine("ns1", props), machine("ns2", { ...props, subnetId: of(subnetB) })];
}

function both(what: string): readonly string[] {
  return ["ns1", "ns2"].map((name) => `named-conf-closed: Instance ${name} brings ${what}`);
}

const acl = "acl corporate { 10.0.0.0/8; 172.16.0.0/12; };\n";
const closed = "allow-query { corporate; localhost; }; allow-recursion { corporate; localhost; };";
const forwarding = "forward only; forwarders { 10.20.0.2; };";
const options = (inner: string): string => `options {\n  directory "/var/cache/bind";\n  ${inner}\n};\n`;
const good = options(`${forwarding} ${closed} dnssec-validation no; recursion yes;`);

const heredoc = (file: string, text: string): string => `cat > ${file} <<'EOF'\n${text}EOF\n`;
const debian = (optionsText: string, local = ""): string =>
  `#!/bin/bash\nset -eu\napt-get update && apt-get install -y bind9\n${heredoc("/etc/bind/named.conf.options", optionsText)}${heredoc("/etc/bind/named.conf.local", local)}systemctl restart bind9\n`;
const redHat = (text: string): string =>
  `#!/bin/bash\ndnf -y install bind bind-utils\n${heredoc("/etc/named.conf", text)}systemctl enable --now named\n`;
const indented = (text: string): string => text.replace(/^/gm, "      ").trimEnd();
const cloudConfig = (path: string, text: string, more = ""): string =>
  `#cloud-config\npackages: [bind]\nwrite_files:\n  - path: ${path}\n    permissions: "0644"\n${more}    content: |\n${indented(text)}\nruncmd:\n  - [systemctl, enable, --now, named]\n`;

const authoritative = `${options("recursion no; allow-query { any; }; allow-transfer { 10.20.1.53; };")}zone "example.com" { type master; file "/etc/bind/db.example.com"; };\n`;
const view = (name: string, clients: string, inner: string): string =>
  `view "${name}" {\n  match-clients { ${clients}; };\n  ${inner}\n};\n`;

export const nameServers: Cases = {
  "an authoritative server for the world": fine(pair(redHat(authoritative))),
  "an authoritative server alone": fine(
    base,
    machine("ns", { userData: redHat(authoritative), vpcSecurityGroupIds: [of(group)] }),
  ),
  "an authoritative server that forgot to switch recursion off": wrong(
    both("/etc/named.conf, which has any in allow-query"),
    pair(redHat(authoritative.replace("recursion no; ", ""))),
  ),
  "an authoritative server whose recursion is for its own": fine(
    pair(redHat(authoritative.replace("recursion no;", "recursion yes; allow-recursion { 10.0.0.0/8; };"))),
  ),
  "Debian forwarders": fine(pair(debian(acl + good))),
  "Debian forwarders, the acl in the local file": fine(pair(debian(good, acl))),
  "Debian forwarders, open to any": wrong(
    both("/etc/bind/named.conf.options, which has any in allow-query"),
    pair(debian(options(`${forwarding} allow-query { any; }; dnssec-validation no;`))),
  ),
  "Debian forwarders, open through an acl of the local file": wrong(
    both("/etc/bind/named.conf.options, which has 0.0.0.0/0 (acl corporate) in allow-query").flatMap(
      (text) => [text, text.replace("allow-query", "allow-recursion")],
    ),
    pair(debian(good, "acl corporate { 0.0.0.0/0; };\n")),
  ),
  "Debian forwarders that validate": wrong(
    both("/etc/bind/named.conf.options, which has dnssec-validation auto in its options"),
    pair(debian(acl + good.replace("dnssec-validation no", "dnssec-validation auto"))),
  ),
  "forwarders that leave validation out": wrong(
    both("/etc/named.conf, which has dnssec-validation auto (the default) in its options"),
    pair(redHat(acl + good.replace("dnssec-validation no; ", ""))),
  ),
  "forwarders that validate all but the private zones": fine(
    pair(
      redHat(
        acl + good.replace("dnssec-validation no", 'dnssec-validation auto; validate-except { "corp"; }'),
      ),
    ),
  ),
  "forwarders to a public resolver, which validate": fine(
    pair(
      redHat(acl + good.replace("10.20.0.2", "1.1.1.1; 9.9.9.9").replace("validation no", "validation auto")),
    ),
  ),
  "a conditional forwarder that validates its private zone": wrong(
    both("/etc/named.conf, which has dnssec-validation yes in its options, and forwards aws.corp"),
    pair(
      redHat(
        `${acl}${options(`${closed} dnssec-validation yes;`)}zone "aws.corp" { type forward; forward only; forwarders { 10.20.0.2; }; };\n`,
      ),
    ),
  ),
  "a conditional forwarder that asks the internet too": wrong(
    both("/etc/named.conf, which has forward first (the default) in zone aws.corp"),
    pair(
      redHat(
        `${acl}${options(`${closed} dnssec-validation no;`)}zone "aws.corp" { type forward; forwarders { 10.20.0.2; }; };\n`,
      ),
    ),
  ),
  "views: forwarding inside, authoritative outside": fine(
    pair(
      redHat(
        acl +
          options("dnssec-validation no;") +
          view("inside", "corporate", `recursion yes; ${forwarding} allow-query { corporate; };`) +
          view(
            "outside",
            "any",
            'recursion no; allow-query { any; }; zone "example.com" { type master; file "x"; };',
          ),
      ),
    ),
  ),
  "views: one that forwards for anyone": wrong(
    both("/etc/named.conf, which has any in allow-query in view outside"),
    pair(
      redHat(
        acl +
          options("dnssec-validation no;") +
          view("inside", "corporate", `${forwarding} allow-query { corporate; };`) +
          view("outside", "any", `${forwarding} allow-query { any; };`),
      ),
    ),
  ),
  "views: clients are chosen by the view alone": fine(
    pair(
      redHat(
        acl +
          options("dnssec-validation no; allow-query { any; };") +
          view("inside", "corporate", forwarding),
      ),
    ),
  ),
  "includes: the options in a file beside it": wrong(
    both("/etc/named.conf, which has forward first (the default) in its options"),
    pair(
      `#!/bin/sh\n${heredoc("/etc/named/options.conf", acl + good.replace("forward only; ", ""))}${heredoc("/etc/named.conf", 'include "/etc/named/options.conf";\ninclude "/etc/named.rfc1912.zones";\n')}`,
    ),
  ),
  "SUSE: a piece of its own below named.d": fine(
    pair(cloudConfig("/etc/named.d/forwarders.conf", acl + good)),
  ),
  "tee with sudo": wrong(
    both("/etc/named.conf, which has forward first in its options"),
    pair(
      `#!/bin/bash\nsudo yum install -y bind\nsudo tee /etc/named.conf > /dev/null << 'CONF'\n${acl}${good.replace("forward only", "forward first")}CONF\n`,
    ),
  ),
  "a relative path after cd, line by line": wrong(
    both("/etc/bind/named.conf.options, which has any in allow-query"),
    pair(
      `#!/bin/bash\napt-get install -y bind9\ncd /etc/bind\necho 'options {' > named.conf.options\necho '  forward only; forwarders { 10.20.0.2; };' >> named.conf.options\necho '  allow-query { any; }; dnssec-validation no;' >> named.conf.options\necho '};' >> named.conf.options\n`,
    ),
  ),
  "printf, with the path in a variable": wrong(
    both("/usr/local/etc/namedb/named.conf, which has any in allow-query"),
    pair(
      `#!/bin/sh\nCONF=/usr/local/etc/namedb/named.conf\nprintf '%s\\n' 'options {' 'forward only; forwarders { 10.20.0.2; };' 'allow-query { any; }; dnssec-validation no;' '};' > "$CONF"\n`,
    ),
  ),
  "written elsewhere, and installed to its place": wrong(
    both("/etc/named.conf, which has any in allow-query"),
    pair(
      `#!/bin/sh\n${heredoc("/tmp/named.conf.new", options(`${forwarding} allow-query { any; }; dnssec-validation no;`))}install -m 0640 -o root -g named /tmp/named.conf.new /etc/named.conf\nrm /tmp/named.conf.new\n`,
    ),
  ),
  "write_files that append": wrong(
    both("/etc/named.conf, which has any in allow-query"),
    pair(
      `#cloud-config\nwrite_files:\n  - path: /etc/named.conf\n    content: |\n      options { forward only; forwarders { 10.20.0.2; };\n  - path: /etc/named.conf\n    append: true\n    content: |\n      allow-query { any; }; dnssec-validation no; };\n`,
    ),
  ),
  "a cache for the machine itself": fine(
    base,
    machine("web", {
      vpcSecurityGroupIds: [of(group)],
      userData: redHat(
        options(
          "listen-on { 127.0.0.1; }; listen-on-v6 { none; }; allow-query { any; }; forward only; forwarders { 10.20.0.2; }; dnssec-validation no;",
        ),
      ),
    }),
  ),
  "addresses that the script fills in": fine(
    pair(
      `#!/bin/bash\nCIDR=$(curl -s http://169.254.169.254/latest/meta-data/vpc-cidr)\ncat > /etc/named.conf <<EOF\noptions { forward only; forwarders { \${RESOLVER}; }; allow-query { $CIDR; localhost; }; dnssec-validation no; };\nEOF\n`,
    ),
  ),
  "one forwarder alone": wrong(
    ["forwarders-two-zones: Instance ns is the only forwarder"],
    base,
    machine("ns", { userData: redHat(acl + good), vpcSecurityGroupIds: [of(group)] }),
  ),
};
