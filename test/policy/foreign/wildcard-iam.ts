/** Somebody's VPC with a NAT instance, which may do everything in two ways. */
import { Instance, Route, RouteTable, SecurityGroup, Subnet, Vpc } from "@pulumi/aws/ec2";
import { InstanceProfile, Role, RolePolicy, RolePolicyAttachment } from "@pulumi/aws/iam";

const vpc = new Vpc("main", { cidrBlock: "10.30.0.0/16" });
const vpcId = vpc.id;
const subnet = new Subnet("a", { vpcId, cidrBlock: "10.30.1.0/24", availabilityZone: "us-east-1a" });
const table = new RouteTable("private", { vpcId });
const assumeRolePolicy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
});
const role = new Role("nat", { assumeRolePolicy });
const allow = (name: string, Action: string[], Resource: string): RolePolicy =>
  new RolePolicy(name, {
    role: role.id,
    policy: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource }] }),
  });
allow("look", ["ec2:DescribeRouteTables", "ec2:DescribeInstances"], "*");
allow("read", ["s3:GetObject"], "*");
allow("write", ["s3:PutObject"], "arn:aws:s3:::backups/*");
new RolePolicyAttachment("admin", {
  role: role.name,
  policyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
});
new RolePolicyAttachment("ssm", {
  role: role.name,
  policyArn: "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
});
const group = new SecurityGroup("nat", {
  vpcId,
  ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0"] }],
});
const nat = new Instance("nat", {
  ami: "ami-0123456789abcdef0",
  instanceType: "t3.nano",
  subnetId: subnet.id,
  sourceDestCheck: false,
  vpcSecurityGroupIds: [group.id],
  iamInstanceProfile: new InstanceProfile("nat", { role: role.name }).name,
  metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
  rootBlockDevice: { encrypted: true },
});
new Route("default", {
  routeTableId: table.id,
  destinationCidrBlock: "0.0.0.0/0",
  networkInterfaceId: nat.primaryNetworkInterfaceId,
});
