/** Somebody's jump host: public on purpose, but its SSH port is open to everyone. */
import { Instance, InternetGateway, Route, RouteTable, SecurityGroup, Subnet, Vpc } from "@pulumi/aws/ec2";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc";

const vpc = new Vpc("main", { cidrBlock: "10.20.0.0/16" });
const vpcId = vpc.id;
const gateway = new InternetGateway("main", { vpcId });
const table = new RouteTable("public", { vpcId });
new Route("default", { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id });
const subnet = new Subnet("public", { vpcId, cidrBlock: "10.20.1.0/24", mapPublicIpOnLaunch: true });
const group = new SecurityGroup("bastion", {
  vpcId,
  ingress: [{ protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["203.0.113.0/24"] }],
});
new SecurityGroupIngressRule("ssh", {
  securityGroupId: group.id,
  ipProtocol: "tcp",
  fromPort: 22,
  toPort: 22,
  cidrIpv4: "0.0.0.0/0",
});
new Instance("bastion", {
  ami: "ami-0123456789abcdef0",
  instanceType: "t3.nano",
  subnetId: subnet.id,
  associatePublicIpAddress: true,
  vpcSecurityGroupIds: [group.id],
  metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
  rootBlockDevice: { encrypted: true },
  userData: "#!/bin/sh\nexport TOKEN_FILE=/run/token DB_PASSWORD=$(cat /run/secret)\n",
});
