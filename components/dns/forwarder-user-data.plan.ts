import { type Planned } from "../network/problem.plan";
import { renderCloudConfig } from "../nodes/cloud-config.plan";
import { type NodeSystem } from "../nodes/systems.plan";

/** Working directory of named, as each distribution's package makes it. */
export const NAMED_DIRECTORY: Record<NodeSystem, string> = {
  "amazon-linux-2023": "/var/named",
  "sles-15": "/var/lib/named",
};

/** Where named logs; `named.conf` says so too. */
export const NAMED_LOG_DIRECTORY = "/var/log/named";

/** Where the stack puts a configuration before it is checked and installed. */
export const NAMED_CONF_SOURCE = "/etc/failover-lab/named.conf";

/**
 * The user data of a forwarder: cloud-config that installs BIND and starts it with the given `named.conf`. Both
 * distributions call the package `bind`, the user `named`, the service `named.service` and the file `/etc/named.conf`.
 *
 * @param namedConf text made by `planNamedConf` with the system's directory
 * @returns text that begins with `#cloud-config`, at most 16 KB, not base64
 */
export function planForwarderUserData(namedConf: string): Planned<string> {
  // The 128 reverse zones of a /17 do not fit as they are; smaller and larger VPCs need fewer.
  const readable = render(namedConf, false);
  return readable.ok ? readable : render(namedConf, true);
}

function render(namedConf: string, compress: boolean): Planned<string> {
  return renderCloudConfig(
    {
      packages: ["bind", "bind-utils"],
      files: [
        // Written before the package and its group exist, hence installed by a command below.
        { path: NAMED_CONF_SOURCE, content: namedConf, compress },
        // At every boot: the directory exists and belongs to named, or named does not start at all.
        { path: "/etc/tmpfiles.d/named-log.conf", content: `d ${NAMED_LOG_DIRECTORY} 0750 named named -\n` },
        // SLES runs named with a read-only file system; the dash: no error where the directory is missing.
        {
          path: "/etc/systemd/system/named.service.d/log.conf",
          content: `[Service]\nReadWritePaths=-${NAMED_LOG_DIRECTORY}\n`,
        },
      ],
      commands: [
        ["systemd-tmpfiles", "--create", "/etc/tmpfiles.d/named-log.conf"],
        ["install", "-o", "root", "-g", "named", "-m", "0640", NAMED_CONF_SOURCE, "/etc/named.conf"],
        ["systemctl", "daemon-reload"],
        ["systemctl", "enable", "--now", "named.service"],
      ],
    },
    "namedConf",
  );
}
