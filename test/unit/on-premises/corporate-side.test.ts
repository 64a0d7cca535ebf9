import * as pulumi from "@pulumi/pulumi";
import test from "ava";
import { corporateSide, type CorporateSideArgs } from "../../../components/on-premises/corporate-side";

const args: CorporateSideArgs = {
  privateZone: "awslab.mycompany.corp",
  vpcCidr: "10.0.0.0/16",
  dnsServers: ["10.0.64.5", "10.0.80.5"],
  overlayAddress: "192.168.10.1/32",
  intranetCidrs: ["172.16.0.0/12"],
};

test("the corporate side forwards the private zone and the reverse zones, and routes the VPC and the overlay IP", (t) => {
  const { dns, routes } = corporateSide(args);
  for (const text of [dns.bind, dns.unbound, dns.dnsmasq, dns.windows]) {
    t.true(text.includes("awslab.mycompany.corp"));
    t.true(text.includes("0.10.in-addr.arpa"));
  }
  t.deepEqual(routes.destinations, ["10.0.0.0/16", "192.168.10.1/32"]);
  t.is(
    routes.commands.linux,
    "ip route replace 10.0.0.0/16 via ROUTER\nip route replace 192.168.10.1/32 via ROUTER\n",
  );
});

test("all that cannot be used is refused at once, by its argument", (t) => {
  const error = t.throws(() =>
    corporateSide({
      ...args,
      privateZone: "corp",
      vpcCidr: "10.0.0.0",
      dnsServers: ["10.0.64.5", "nowhere"],
    }),
  );
  t.true(pulumi.InputPropertiesError.isInstance(error));
  t.deepEqual(
    (error as pulumi.InputPropertiesError).errors.map(({ propertyPath }) => propertyPath),
    ["privateZone", "dnsServers[1]", "vpcCidr"],
  );
});
