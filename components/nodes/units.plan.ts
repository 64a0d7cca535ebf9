/** systemd units of the nodes. Values are checked by the caller: none contains a space, a quote, `%` or `$`. */

/** Runs at every boot, after the network is there: an instance type may have changed, and with it the interface. */
export function overlayAddressUnit(address: string, manager: "networkd" | "wicked"): string {
  return `[Unit]
Description=Overlay IP ${address} on the interface of the default route
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/local/sbin/overlay-address ${address} ${manager}

[Install]
WantedBy=multi-user.target
`;
}

/** The demo responder, as a user that exists only while it runs. */
export function demoResponderUnit(nodeName: string, port: number): string {
  return `[Unit]
Description=Demo responder of ${nodeName}
After=network.target

[Service]
ExecStart=/usr/local/bin/demo-responder ${nodeName} ${port}
Restart=always
RestartSec=1
DynamicUser=yes
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateDevices=yes
MemoryMax=64M

[Install]
WantedBy=multi-user.target
`;
}
