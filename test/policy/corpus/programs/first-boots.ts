/** User data in the forms that cloud-init reads, and such that cannot be read. */
import { gzipSync } from "node:zlib";
import { types } from "../../../../policy/lib/types";
import { type Given, given } from "../../_judge";
import { type Case, type Cases, fine, wrong } from "../_case";
import { machine, network } from "../_network";

const bad =
  "options { forward only; forwarders { 10.20.0.2; }; allow-query { any; }; dnssec-validation no; };\n";
const script = `#!/bin/sh\ncat > /etc/named.conf <<'EOF'\n${bad}EOF\n`;
const config = `#cloud-config\nwrite_files:\n- path: /etc/named.conf\n  content: |\n    ${bad}`;
const base64 = (text: string | Buffer): string => Buffer.from(text).toString("base64");

/** The same mistake in each form: one finding of the file, and one because there is one forwarder only. */
function hidden(userData: Given["props"]): Case {
  return wrong(
    [
      "forwarders-two-zones: Instance ns is the only forwarder",
      "named-conf-closed: Instance ns brings /etc/named.conf, which has any in allow-query",
    ],
    network,
    machine("ns", userData),
  );
}

function unread(what: string, userData: Given["props"]): Case {
  return wrong(
    [`input-readable: Instance app has user data that ${what}`],
    network,
    machine("app", userData),
  );
}

const part = (type: string, body: string, headers = ""): string =>
  `--==FRONTIER==\nContent-Type: ${type}; charset="utf-8"\nMIME-Version: 1.0\n${headers}\n${body}\n`;
const mime = (...parts: readonly string[]): string =>
  `Content-Type: multipart/mixed; boundary="==FRONTIER=="\nMIME-Version: 1.0\n\n${parts.join("")}--==FRONTIER==--\n`;

const hello = "#!/bin/bash\necho hello > /var/tmp/hello\n";

/** Ways in which a script brings a file, with the text of it in DOCUMENT, and its end on a line of its own. */
const ways: Readonly<Record<string, string>> = {
  "a shell that has the text by its stdin": "sudo sh -c 'cat > /etc/named.conf' <<EOF\nDOCUMENT\nEOF",
  "a here-document within a shell within a shell":
    "sudo bash -c 'cat > /etc/named.conf <<EOF\nDOCUMENT\nEOF'",
  "a here-document that is piped": "cat << 'EOF' | sudo tee /etc/named.conf\nDOCUMENT\nEOF",
  "a variable": "CONF='DOCUMENT'\necho \"$CONF\" > /etc/named.conf",
  "a variable that is read": "read -r -d '' CONF <<'EOF'\nDOCUMENT\nEOF\necho \"$CONF\" > /etc/named.conf",
  "a variable that holds an output":
    "CONF=$(cat <<'EOF'\nDOCUMENT\nEOF\n)\nprintf '%s' \"$CONF\" > /etc/named.conf",
  "a function": "put() {\n  cat > /etc/named.conf <<EOF\nDOCUMENT\nEOF\n}\nput",
  "a choice": 'case "$ID" in\n  amzn|rhel) cat > /etc/named.conf <<EOF\nDOCUMENT\nEOF\n  ;;\nesac',
  "a loop": "for i in 1 2; do\n  cat >| /etc/named.conf <<EOF\nDOCUMENT\nEOF\ndone",
  "a condition": "if ! test -f /etc/named.conf; then\n  cat > /etc/named.conf <<EOF\nDOCUMENT\nEOF\nfi",
  "a subshell in a folder": "(cd /etc && cat > named.conf) <<EOF\nDOCUMENT\nEOF",
  "the second of two here-documents": "cat > /etc/a <<A; cat > /etc/named.conf <<B\nx\nA\nDOCUMENT\nB",
  "a redirection before its command": "<<EOF tee /etc/named.conf\nDOCUMENT\nEOF",
  dd: "dd of=/etc/named.conf <<EOF\nDOCUMENT\nEOF",
  install: "install -m 644 /dev/stdin /etc/named.conf <<EOF\nDOCUMENT\nEOF",
  "a filter": "envsubst <<'EOF' | sed -e 's/X/Y/' > /etc/named.conf\nDOCUMENT\nEOF",
  "after everything is logged":
    "exec > >(tee /var/log/user-data.log) 2>&1\ncat > /etc/named.conf <<EOF\nDOCUMENT\nEOF",
};
const written = Object.entries(ways).map(
  ([way, script]) =>
    [
      `a file by ${way}`,
      hidden({ userData: `#!/bin/bash\nset -eu\n${script.replace("DOCUMENT", bad.trim())}\n` }),
    ] as const,
);

export const firstBoots: Cases = {
  ...Object.fromEntries(written),
  "a script": hidden({ userData: script }),
  "a script in base64": hidden({ userDataBase64: base64(script) }),
  "a script that was encoded before it was given": hidden({ userData: base64(script) }),
  "a packed script": hidden({ userDataBase64: base64(gzipSync(script)) }),
  "a cloud-config": hidden({ userData: config }),
  "a cloud-config with a line of its own before it": hidden({ userData: `\n${config}` }),
  "a boothook": hidden({ userData: script.replace("#!/bin/sh", "#cloud-boothook\n#!/bin/sh") }),
  "a MIME message of a config and a script": hidden({
    userData: mime(
      part("text/cloud-config", "#cloud-config\npackages: [bind]\n"),
      part("text/x-shellscript", script),
    ),
  }),
  "a MIME message with encoded parts": hidden({
    userData: mime(part("text/x-shellscript", base64(script), "Content-Transfer-Encoding: base64\n")),
  }),
  "a MIME message whose part is packed": hidden({
    userData: mime(
      part("application/octet-stream", base64(gzipSync(config)), "Content-Transfer-Encoding: base64\n"),
    ),
  }),
  "a packed MIME message": hidden({
    userDataBase64: base64(gzipSync(mime(part("text/cloud-config", config)))),
  }),
  "a MIME message that has its boundary on the next line": hidden({
    userData: mime(part("text/x-shellscript", script)).replace("; boundary", ";\n boundary"),
  }),
  "a MIME message with the line ends of Windows": hidden({
    userData: mime(part("text/cloud-config", config)).replaceAll("\n", "\r\n"),
  }),
  "an archive": hidden({
    userData: `#cloud-config-archive\n- type: text/cloud-config\n  content: |\n${config.replace(/^/gm, "    ")}\n- content: |\n    #!/bin/sh\n    echo done\n`,
  }),
  "a JSON patch": hidden({
    userData: `#cloud-config-jsonp\n${JSON.stringify([{ op: "add", path: "/write_files", value: [{ path: "/etc/named.conf", content: bad }] }])}`,
  }),
  "a jinja template of a config": hidden({
    userData: `## template: jinja\n${config.replace("write_files", "{% if v1.region == 'us-east-1' %}\nhostname: {{ v1.local_hostname }}\n{% endif %}\nwrite_files")}`,
  }),
  "a jinja template of a script": hidden({ userData: `## template: jinja\n${script}` }),
  "a file in base64": hidden({
    userData: `#cloud-config\nwrite_files:\n- {path: /etc/named.conf, encoding: b64, content: ${base64(bad)}}\n`,
  }),
  "a packed file": hidden({
    userData: `#cloud-config\nwrite_files:\n- {path: /etc/named.conf, encoding: gzip+base64, content: ${base64(gzipSync(bad))}}\n`,
  }),
  "a file of bytes": hidden({
    userData: `#cloud-config\nwrite_files:\n- path: /etc/named.conf\n  content: !!binary ${base64(bad)}\n`,
  }),
  "a packed binary file": hidden({
    userData: `#cloud-config\nwrite_files:\n- path: /etc/named.conf\n  encoding: gz\n  content: !!binary ${base64(gzipSync(bad))}\n`,
  }),
  "a command of a config": hidden({
    userData: `#cloud-config\nruncmd:\n- "echo '${bad.trim()}' > /etc/named.conf"\n- [systemctl, restart, named]\n`,
  }),
  "a shell that a list of words starts": hidden({
    userData: `#cloud-config\nbootcmd:\n- [sh, -c, "echo '${bad.trim()}' > /etc/named.conf"]\n`,
  }),
  "base64 that the script decodes": hidden({
    userData: `#!/bin/sh\necho ${base64(bad)} | base64 -d > /etc/named.conf\n`,
  }),
  "base64 and gzip that the script decodes": hidden({
    userData: `#!/bin/sh\nbase64 --decode <<X | gunzip > /etc/named.conf\n${base64(gzipSync(bad))}\nX\n`,
  }),
  "a file that a file in base64 hides behind sudo": hidden({
    userData: `#!/bin/bash\nsudo bash -c "echo ${base64(bad)} | base64 -d | tee /etc/named.conf >/dev/null"\n`,
  }),
  "nothing but a greeting": fine(network, machine("app", { userData: hello })),
  "a broken gzip": unread("is a gzip that is broken", {
    userDataBase64: base64(gzipSync(hello.repeat(20)).subarray(0, 30)),
  }),
  "base64 that is none": unread("is not base64", { userDataBase64: "%%% not base64 %%%" }),
  "a config that is no YAML": unread("is YAML that cannot be read", {
    userData: "#cloud-config\nwrite_files: [\n  a: b\n",
  }),
  "a config with aliases that would fill the memory": unread("is YAML that cannot be read", {
    userData: `#cloud-config\na: &a [x,x,x,x,x,x,x,x,x]\n${"bcdefgh"
      .split("")
      .map((name, i) => `${name}: &${name} [${Array(9).fill(`*${"abcdefg"[i]}`).join(",")}]`)
      .join("\n")}\n`,
  }),
  "a message without its boundary": unread("is of many parts without a boundary", {
    userData: "MIME-Version: 1.0\nContent-Type: multipart/mixed\n\n--x\n\nhello\n--x--\n",
  }),
  "a part in base64 that is none": unread("has a part whose base64 cannot be decoded", {
    userData: mime(part("text/cloud-config", "***", "Content-Transfer-Encoding: base64\n")),
  }),
  "an include": unread("includes https://config.example.com/base.yaml, which is fetched at boot", {
    userData: "#include\nhttps://config.example.com/base.yaml\n",
  }),
  "a part handler": unread("brings a part handler", {
    userData:
      "#part-handler\ndef list_types():\n    return ['text/x-own']\ndef handle_part(data, ctype, filename, payload):\n    pass\n",
  }),
  "a file of the distribution that is edited": unread("edits /etc/bind/named.conf.options in place", {
    userData:
      "#!/bin/bash\napt-get install -y bind9\nsed -i 's/dnssec-validation auto/forward only; dnssec-validation no/' /etc/bind/named.conf.options\nsed -i 's/^#Port 22/Port 2222/' /etc/ssh/sshd_config\n",
  }),
  "a file that is fetched": unread("writes /etc/named.conf from an address", {
    userData:
      "#cloud-config\nwrite_files:\n- path: /etc/named.conf\n  source: {uri: 'https://config.example.com/named.conf'}\n",
  }),
  "a file that cannot be unpacked": unread("writes /etc/motd from a text that cannot be decoded", {
    userData: `#cloud-config\nwrite_files:\n- {path: /etc/motd, encoding: gz+b64, content: ${base64(Buffer.from([0x1f, 0x8b, 8, 0]))}}\n`,
  }),
  "a named.conf that breaks off": wrong(
    [
      "input-readable: Instance ns brings /etc/named.conf, in which braces are missing",
      "forwarders-two-zones: Instance ns is the only forwarder",
    ],
    network,
    machine("ns", {
      userData: script.replace(
        bad,
        "options { forward only; forwarders { 10.20.0.2; }; allow-query { 10.0.0.0/8; }; dnssec-validation no;\n",
      ),
    }),
  ),
  "a launch template that was not encoded": wrong(
    ["input-readable: LaunchTemplate plain has user data that is not base64"],
    given(types.launchTemplate, "plain", {
      userData: hello,
      metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted: "true" } }],
    }),
  ),
};
