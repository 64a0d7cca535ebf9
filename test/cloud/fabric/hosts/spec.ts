import type { CloudModel, Instance } from "../../model";
import type { CorporateHost, CorporateSide } from "../plan/corporate";

/** A host as it is to be. */
export interface HostSpec {
  /** Names it among all: the instance's id, or its name in the corporate network. Also that of its network namespace. */
  readonly key: string;
  /** What people call it. */
  readonly name: string;
  readonly hostname: string;
  /** `gone`: its files, too. */
  readonly power: "on" | "off" | "gone";
  /** Another number is another boot. */
  readonly boots: number;
  /** Files that are on its disk when it is new, by path. */
  readonly files: Readonly<Record<string, string>>;
  /** Whether cloud-init tells when it is ready. */
  readonly instance?: Instance;
}

const SEED = "/var/lib/cloud/seed/nocloud-net";

/** The hosts of the instances, as their states say. */
export function instanceHosts(model: CloudModel): HostSpec[] {
  return model.instances.map((instance) => {
    const { id, state, privateDnsName } = instance;
    const hostname = privateDnsName === "" ? id : privateDnsName;
    return {
      key: id,
      name: instance.name === "" ? id : instance.name,
      hostname,
      power: ["pending", "running"].includes(state)
        ? "on"
        : ["stopping", "stopped"].includes(state)
          ? "off"
          : "gone",
      boots: instance.boots,
      files: {
        "/etc/hostname": `${hostname}\n`,
        "/etc/hosts": "127.0.0.1 localhost\n::1 localhost\n",
        "/etc/machine-id": `${machineId(id)}\n`,
        [`${SEED}/user-data`]: Buffer.from(instance.userData, "base64").toString("utf8"),
        [`${SEED}/meta-data`]: JSON.stringify({
          "instance-id": id,
          "local-hostname": hostname,
          "public-keys": model.keyPairs
            .filter(({ name }) => name === instance.keyName)
            .map(({ publicKey }) => publicKey),
        }),
      },
      instance,
    };
  });
}

/** An id of 32 hexadecimal digits that is the same at every boot. */
function machineId(id: string): string {
  return Buffer.from(id).toString("hex").padEnd(32, "0").slice(-32);
}

/** A host of the corporate network. Its name server is configured with nothing but what the stack told it. */
export function corporateHost(host: CorporateHost, side: CorporateSide | undefined): HostSpec {
  const { name } = host;
  const isServer = name === "corporate-dns";
  return {
    key: name,
    name,
    hostname: name,
    power: isServer && side === undefined ? "off" : "on",
    // Another text is another configuration, with which the server starts anew.
    boots: isServer && side !== undefined ? textNumber(side.bind) : 0,
    files: {
      "/etc/hostname": `${name}\n`,
      "/etc/hosts": "127.0.0.1 localhost\n",
      "/etc/machine-id": `${machineId(name)}\n`,
      "/etc/cloud/cloud-init.disabled": "",
      "/etc/resolv.conf": "nameserver 172.16.0.53\noptions timeout:2 attempts:3\n",
      ...(isServer && side !== undefined ? serverFiles(side.bind) : {}),
    },
  };
}

/** Which a name server has. */
export const NAMED_CONF = "/etc/named.conf";

function serverFiles(bind: string): Record<string, string> {
  const options = `options {
    directory "/var/cache/bind";
    recursion yes;
    allow-query { any; };
    allow-recursion { any; };
    dnssec-validation no;
    listen-on { any; };
    listen-on-v6 { none; };
};
`;
  const unit = `[Unit]
Description=Corporate name server
After=network.target

[Service]
ExecStartPre=/bin/sh -c 'mkdir -p /var/cache/bind /run/named; chown bind /var/cache/bind /run/named'
ExecStart=/usr/sbin/named -f -u bind -c /etc/named.conf
Restart=always

[Install]
WantedBy=multi-user.target
`;
  return {
    [NAMED_CONF]: `${options}\n${bind}`,
    "/etc/systemd/system/corporate-named.service": unit,
    "/etc/systemd/system/multi-user.target.d/name-server.conf": "[Unit]\nWants=corporate-named.service\n",
  };
}

function textNumber(text: string): number {
  return [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 2_147_483_647, 7);
}
