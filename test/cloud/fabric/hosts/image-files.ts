import { DNF } from "./dnf";

interface ImageFile {
  readonly text: string;
  /** Octal. */
  readonly mode: string;
}

const file = (text: string, mode = "0644"): ImageFile => ({ text, mode });

/** As Amazon Linux 2023 configures it, but for the data source: hosts get their user data from a seed on their disk. */
const CLOUD_CFG = `datasource_list: [NoCloud]
datasource: { NoCloud: { fs_label: null } }
users: [default]
disable_root: true
ssh_pwauth: false
ssh_deletekeys: true
ssh_genkeytypes: [ed25519, ecdsa]
# The fabric gives a host its name, as it gives it its addresses: by DHCP and by what is on its disk.
preserve_hostname: true
network: { config: disabled }
cloud_init_modules: [seed_random, bootcmd, write-files, users-groups, ssh]
cloud_config_modules: [runcmd]
cloud_final_modules:
  - package-update-upgrade-install
  - scripts-per-once
  - scripts-per-boot
  - scripts-per-instance
  - scripts-user
  - final-message
system_info:
  distro: amazon
  default_user:
    name: ec2-user
    lock_passwd: true
    gecos: EC2 Default User
    groups: [wheel, adm, systemd-journal]
    sudo: ["ALL=(ALL) NOPASSWD:ALL"]
    shell: /bin/bash
  paths: { cloud_dir: /var/lib/cloud, templates_dir: /etc/cloud/templates }
  ssh_svcname: sshd
`;

const OS_RELEASE = `NAME="Amazon Linux"
VERSION="2023"
ID="amzn"
ID_LIKE="fedora"
VERSION_ID="2023"
PRETTY_NAME="Amazon Linux 2023, as the packet lab stands in for it"
`;

/** amazon-ec2-net-utils has this file for every interface that it has not met. */
const NETWORK = `[Match]
Name=ens*

[Network]
DHCP=ipv4
IPv6AcceptRA=no
LinkLocalAddressing=no

[DHCPv4]
UseMTU=yes
UseDNS=no
UseHostname=no
`;

/**
 * Stands in for amazon-ec2-net-utils: a network file of its own for each interface that is there at boot, to which a
 * drop-in can add.
 */
const NET_UTILS = `#!/bin/sh
set -eu
mkdir -p /run/systemd/network
for interface in /sys/class/net/ens*; do
  [ -e "$interface/address" ] || continue
  name=\${interface##*/}
  index=$((\${name#ens} - 5))
  {
    printf '[Match]\\nMACAddress=%s\\n\\n' "$(cat "$interface/address")"
    sed -n '/^\\[Network\\]/,$p' /usr/lib/systemd/network/80-ec2.network
    printf 'RouteMetric=%s\\n' "$((512 + 10 * index))"
    # A second interface answers from its own address only through itself: tables 10000 + its number.
    if [ "$index" -gt 0 ]; then printf 'RouteTable=%s\\n' "$((10000 + index))"; fi
  } >"/run/systemd/network/70-$name.network"
done
`;

const NET_UTILS_UNIT = `[Unit]
Description=Network files of the interfaces (stands in for amazon-ec2-net-utils)
DefaultDependencies=no
Before=systemd-networkd.service network-pre.target
Wants=network-pre.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/ec2-net-utils

[Install]
WantedBy=multi-user.target
`;

const JOURNAL = `[Journal]
Storage=persistent
SystemMaxUse=16M
RuntimeMaxUse=8M
Audit=no
ReadKMsg=no
`;

/** One log for everything, as Amazon Linux has it. */
const CLOUD_LOG = `_log:
  - &log_base |
    [loggers]
    keys=root
    [handlers]
    keys=file
    [formatters]
    keys=plain
    [logger_root]
    level=DEBUG
    handlers=file
    [handler_file]
    class=FileHandler
    level=DEBUG
    formatter=plain
    args=("/var/log/cloud-init.log", "a", "UTF-8")
    [formatter_plain]
    format=%(asctime)s - %(filename)s[%(levelname)s]: %(message)s
log_cfgs: [*log_base]
output: { all: "| tee -a /var/log/cloud-init-output.log" }
`;

/** Everything that is to be seen of the machine's boot is said to the console, which is kept. */
const SYSTEM = `[Manager]
DefaultTimeoutStopSec=5s
DefaultTimeoutStartSec=60s
`;

/** The files of the image that are not the machine's. */
export const IMAGE_FILES: Readonly<Record<string, ImageFile>> = {
  "/etc/cloud/cloud.cfg": file(CLOUD_CFG),
  "/etc/cloud/cloud.cfg.d/05_logging.cfg": file(CLOUD_LOG),
  "/etc/os-release": file(OS_RELEASE),
  "/etc/resolv.conf": file("nameserver 169.254.169.253\noptions timeout:2 attempts:3\n"),
  "/etc/systemd/journald.conf": file(JOURNAL),
  "/etc/systemd/system.conf": file(SYSTEM),
  "/usr/lib/systemd/system/ec2-net-utils.service": file(NET_UTILS_UNIT),
  "/usr/sbin/ec2-net-utils": file(NET_UTILS, "0755"),
  "/usr/lib/systemd/network/80-ec2.network": file(NETWORK),
  "/usr/bin/dnf": file(DNF, "0755"),
};
