/** Somebody's split horizon: one name, a public and a private zone, in a VPC that cannot resolve the private one. */
import { Vpc } from "@pulumi/aws/ec2";
import { Record, Zone } from "@pulumi/aws/route53";

const vpc = new Vpc("main", { cidrBlock: "10.40.0.0/16" });
const outside = new Zone("outside", { name: "example.com" }, { protect: true });
const inside = new Zone("inside", { name: "example.com", vpcs: [{ vpcId: vpc.id }] });

new Record("www", { zoneId: outside.zoneId, name: "www", type: "A", ttl: 3600, records: ["198.51.100.7"] });
new Record("db-leak", { zoneId: outside.zoneId, name: "db", type: "A", ttl: 60, records: ["10.40.1.5"] });
new Record("db", { zoneId: inside.zoneId, name: "db", type: "A", ttl: 3600, records: ["10.40.1.5"] });
