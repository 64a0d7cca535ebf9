/** Shapes of secrets that the scanner's rules do not know: keys of networks, and passwords on command lines. */

/** A pattern whose first group, if it has one, is the secret. */
export type Known = readonly [RegExp, string];

/** These are secrets whatever they stand in. */
export const keys: readonly Known[] = [
  [/\b((?:AKIA|ASIA)[A-Z0-9]{16})(?<!EXAMPLE)\b/g, "an AWS access key id"],
  [/-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/g, "a private key"],
  [/-----BEGIN OpenVPN Static key V1-----/g, "an OpenVPN key"],
  [/\bgh[pousr]_[A-Za-z0-9]{36}/g, "a GitHub token"],
  [/\bxox[abprs]-[A-Za-z0-9-]{10,}/g, "a Slack token"],
  [/\bpul-[0-9a-f]{40}\b/g, "a Pulumi access token"],
  [/\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\./g, "a signed token (JWT)"],
  [/\btskey-[a-z]+-[A-Za-z0-9-]{10,}/g, "a Tailscale key"],
];

/** These are secrets unless the group is a variable or a name. */
export const placed: readonly Known[] = [
  [/[a-z][a-z0-9+.-]*:\/\/[^\s/:@$'"]*:([^\s/@'"]{3,})@[^\s/]/gi, "a URL with a password"],
  [/\b(?:PrivateKey|PresharedKey)\s*=\s*([A-Za-z0-9+/]{42,43}=)/gi, "a WireGuard key"],
  [
    /^[ \t]*(?:[^\s#:]+[ \t]+)*:[ \t]*(?:PSK|XAUTH|EAP|RSA|ECDSA)\s+(?:\S+\.pem\s+)?"?([^\s"]{3,})"?/gm,
    "an IPsec secret",
  ],
  [/^[ \t]*secret(?:-?\w+)?\s*=\s*"?([^\s"{]{3,})"?\s*$/gm, "an IPsec secret"],
  [/\bsecret\s+"?([A-Za-z0-9+/]{16,}={0,2})"?\s*;/g, "a TSIG key"],
  [/^[ \t]*auth_pass\s+(\S{3,})/gm, "a VRRP password"],
  [/^[ \t]*(?:requirepass|masterauth)\s+"?([^\s"]{3,})/gm, "a Redis password"],
  [/\bstats\s+auth\s+[^\s:]+:(\S{3,})/g, "a HAProxy password"],
  [/\blogin\s+\S+\s+password\s+(\S{3,})/g, "a netrc password"],
  [/\bencrypt["']?\s*[:=]\s*["']([A-Za-z0-9+/]{22,}={1,2})["']/g, "a gossip key"],
  [
    /\b(?:kubeadm\s+join\b[^\n]*--token|--discovery-token)[ =]([a-z0-9]{6}\.[a-z0-9]{16})\b/g,
    "a kubeadm token",
  ],
];

/** Only where a file of such secrets is meant, whose name the text has: other lines look alike. */
export const inFiles: readonly (readonly [RegExp, Known])[] = [
  [
    /(?:ch|p)ap-secrets/,
    [
      /(?:^|["'])[ \t]*[\w.@-]+[ \t]+(?:\*|l2tpd|pptpd)[ \t]+["']?([^\s"']{4,})["']?[ \t]+\S+[ \t]*(?:$|["'])/gm,
      "a PPP secret",
    ],
  ],
  [
    /\.?pgpass/,
    [/(?:^|["'\s])[\w.*-]+:(?:\d+|\*):[\w*-]+:[\w*-]+:([^\s:'"]{4,})/gm, "a password for PostgreSQL"],
  ],
  [
    /sasl_passwd|relay_passw/,
    [/\]?(?::\d+)?[ \t]+[\w.@+-]+:([^\s:'"]{4,})/gm, "a password for a mail relay"],
  ],
  [
    /auth-user-pass|openvpn\S*\/\S*(?:auth|pass|login|cred)/,
    [/(?:^# \S*(?:auth|pass|login|cred)\S*\n)[^\s\n]+\n([^\s\n]{4,})\n?$/g, "a password for OpenVPN"],
  ],
  [
    /wireguard|\bwg\b/,
    [/\b(?:echo|printf)\s+(?:'%s\\n'\s+)?["']?([A-Za-z0-9+/]{42,43}=)/g, "a WireGuard key"],
  ],
  [/snmpd/, [/\bcreateUser\s+\S+\s+\w+\s+\\?["']?([^\s"'\\]{8,})/g, "a password for SNMP"]],
];

/** Options of programs, by the programs that read them as passwords; `[^\n|;&]` stays within one command. */
export const commands: readonly Known[] = [
  [
    /--?(?:password|passwd|passphrase|secret|secret-key|api-?key|auth-?key|setup-key|auth-token|access-token|registration-token|join-token|token|pre-?shared-key|psk|pass|passin|passout)[= ]["']?(?:pass:)?([^\s"'|;&)]{4,})/gi,
    "a password or key on a command line",
  ],
  [
    /\b(?:mysql|mysqladmin|mysqldump|mariadb|mariadb-admin)\b[^\n|;&]*?\s-p["']?([^\s"'|;&]{3,})/g,
    "a password on the command line of mysql",
  ],
  [
    /\b(?:sshpass|docker\s+login|podman\s+login)\b[^\n|;&]*?\s-p\s*["']?([^\s"'|;&]{3,})/g,
    "a password on a command line",
  ],
  [
    /\b(?:curl|wget)\b[^\n|;&]*?\s(?:-u|--user|--proxy-user)[= ]?\s*["']?[^\s:"']+:([^\s"'|;&]{3,})/g,
    "a password on the command line of curl",
  ],
  [/\b(?:redis-cli)\b[^\n|;&]*?\s-a\s+["']?([^\s"'|;&]{3,})/g, "a password on the command line of redis-cli"],
  [
    /\bldap(?:search|add|modify|whoami|passwd)\b[^\n|;&]*?\s-w\s*["']?([^\s"'|;&]{3,})/g,
    "a password on the command line of an LDAP client",
  ],
  [
    /\bhtpasswd\b[^\n|;&]*?\s-\w*b\w*\s+(?:\S+\s+){2}["']?([^\s"'|;&]{3,})/g,
    "a password on the command line of htpasswd",
  ],
  [
    /\b(?:smbclient|net\s+ads|rpcclient|net\s+join)\b[^\n|;&]*?\s-U\s*["']?[^\s%"']+%([^\s"'|;&]{3,})/g,
    "a password on the command line of Samba",
  ],
  [/\bpass:([^\s"'|;&$]{3,})/g, "a password on the command line of openssl"],
  [
    /\b(?:echo|printf)\s+(?:-\w+\s+)*["']?[\w.-]+:([^\s"'|]{3,}?)(?:\\n)?["']?\s*\|\s*(?:sudo\s+)?(?:\/usr\/sbin\/)?chpasswd/g,
    "a password for chpasswd",
  ],
  [
    /\b(?:echo|printf)\s+(?:-\w+\s+)*["']?([^\s"'|]{3,}?)(?:\\n[^|]*)?["']?\s*\|\s*(?:sudo\s+)?(?:passwd|realm\s+join|kinit|adcli|sudo\s+-S)\b/g,
    "a password that is piped into a program",
  ],
  [/\bset\s+\w*(?:secret|password|token)\w*\s+["']?([^\s"'|;&]{6,})/gi, "a secret on a command line"],
  [/\bopenssl\b[^\n|;&]*?\s-(?:k|K)\s+["']?([^\s"'|;&]{4,})/g, "a password on the command line of openssl"],
  [
    /\bopenssl\s+passwd\s+(?:-\w+\s+)*["']?([^\s"'|;&)-][^\s"'|;&)]{3,})/g,
    "a password on the command line of openssl",
  ],
  [/\bchpasswd\b[^\n<]*<<<\s*["']?[\w.-]+:([^\s"']{3,})/g, "a password for chpasswd"],
  [/\bnet\s+user\s+\S+\s+([^\s/]{4,})\s+\/add/gi, "a password on the command line of net"],
  [/\bConvertTo-SecureString\s+(?:-String\s+)?["']([^"']{4,})["']/gi, "a password of a PowerShell script"],
  [
    /\bIDENTIFIED\s+(?:WITH\s+\S+\s+)?BY\s+(?:PASSWORD\s+)?\\?["']([^"'\\]{3,})/gi,
    "a password of a database user",
  ],
  [/\bPASSWORD\s+\\?'([^'\\]{3,})'/gi, "a password of a database user"],
];
