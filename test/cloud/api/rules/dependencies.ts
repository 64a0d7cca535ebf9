import { find } from "../ec2/find";
import { missing } from "../ec2/missing";
import type { Ec2Region } from "../ec2/region";
import type { Kind } from "../ec2/sources";
import { AwsError } from "../gateway/errors";
import type { Handlers } from "../gateway/handler";
import { itemsAt, textAt, type XmlElement } from "../gateway/xml";

/** What is in use cannot be deleted. */
export const dependencyHandlers: Handlers = {
  "ec2:DeleteSubnet": {
    check: async ({ call, ec2 }) => {
      const id = call.params.SubnetId ?? "";
      await find(ec2, "subnets", id);
      if (await any(ec2, "networkInterfaces", "subnetId", id)) throw dependency("subnet", id);
    },
  },
  "ec2:DeleteSecurityGroup": {
    check: async ({ call, ec2 }) => {
      const id = call.params.GroupId;
      if (id === undefined) return;
      const group = await find(ec2, "securityGroups", id);
      if (textAt(group, "groupName") === "default") {
        throw new AwsError(
          "CannotDelete",
          `the specified group: "${id}" name: "default" cannot be deleted by a user`,
        );
      }
      const used = (await ec2.list("networkInterfaces")).some((eni) =>
        itemsAt(eni, "groupSet").some((one) => textAt(one, "groupId") === id),
      );
      if (used || (await isReferred(ec2, id))) {
        throw new AwsError("DependencyViolation", `resource ${id} has a dependent object`);
      }
    },
  },
  "ec2:DeleteVpc": {
    check: async ({ call, ec2 }) => {
      const id = call.params.VpcId ?? "";
      await find(ec2, "vpcs", id);
      const gateways = (await ec2.list("internetGateways")).some((gateway) => isAttached(gateway, id));
      const groups = (await of(ec2, "securityGroups", id)).some(
        (group) => textAt(group, "groupName") !== "default",
      );
      const tables = (await of(ec2, "routeTables", id)).some((table) => !isMain(table));
      const others =
        (await any(ec2, "subnets", "vpcId", id)) ||
        (await any(ec2, "networkInterfaces", "vpcId", id)) ||
        (await of(ec2, "vpcEndpoints", id)).some((one) => textAt(one, "state") !== "deleted");
      if (gateways || groups || tables || others) throw dependency("vpc", id);
    },
  },
  "ec2:DeleteInternetGateway": {
    check: async ({ call, ec2 }) => {
      const id = call.params.InternetGatewayId ?? "";
      const gateway = await find(ec2, "internetGateways", id);
      if (itemsAt(gateway, "attachmentSet").length > 0) throw dependency("internetGateway", id);
    },
  },
  "ec2:DetachInternetGateway": {
    check: async ({ call, ec2 }) => {
      const { InternetGatewayId: id = "", VpcId: vpcId = "" } = call.params;
      if (!isAttached(await find(ec2, "internetGateways", id), vpcId)) {
        throw new AwsError("Gateway.NotAttached", `resource ${id} is not attached to network ${vpcId}`);
      }
      const mapped = (await of(ec2, "networkInterfaces", vpcId)).some(
        (eni) => textAt(eni, "association.publicIp") !== "",
      );
      if (!mapped) return;
      throw new AwsError(
        "DependencyViolation",
        `Network ${vpcId} has some mapped public address(es). ` +
          "Please unmap those public address(es) before detaching the gateway.",
      );
    },
  },
  "ec2:ReleaseAddress": {
    check: async ({ call, ec2 }) => {
      const address = (await ec2.list("addresses")).find(
        (one) => textAt(one, "allocationId") === call.params.AllocationId,
      );
      if (address === undefined) throw missing.address([call.params.AllocationId ?? ""]);
      if (textAt(address, "associationId") === "") return;
      throw new AwsError("InvalidIPAddress.InUse", `Address ${textAt(address, "publicIp")} is in use.`);
    },
  },
  "ec2:DeleteRouteTable": {
    check: async ({ call, ec2 }) => {
      const id = call.params.RouteTableId ?? "";
      const table = await find(ec2, "routeTables", id);
      if (itemsAt(table, "associationSet").length > 0) throw dependency("routeTable", id);
    },
  },
};

function dependency(noun: string, id: string): AwsError {
  return new AwsError("DependencyViolation", `The ${noun} '${id}' has dependencies and cannot be deleted.`);
}

async function any(ec2: Ec2Region, kind: Kind, field: string, id: string): Promise<boolean> {
  return (await ec2.list(kind)).some((item) => textAt(item, field) === id);
}

async function of(ec2: Ec2Region, kind: Kind, vpcId: string): Promise<XmlElement[]> {
  return (await ec2.list(kind)).filter((item) => textAt(item, "vpcId") === vpcId);
}

function isAttached(gateway: XmlElement, vpcId: string): boolean {
  return itemsAt(gateway, "attachmentSet").some((one) => textAt(one, "vpcId") === vpcId);
}

function isMain(table: XmlElement): boolean {
  return itemsAt(table, "associationSet").some((one) => textAt(one, "main") === "true");
}

/** Whether a rule of another group names the group. */
async function isReferred(ec2: Ec2Region, id: string): Promise<boolean> {
  return (await ec2.list("securityGroups"))
    .filter((group) => textAt(group, "groupId") !== id)
    .flatMap((group) => [...itemsAt(group, "ipPermissions"), ...itemsAt(group, "ipPermissionsEgress")])
    .some((permission) => itemsAt(permission, "groups").some((one) => textAt(one, "groupId") === id));
}
