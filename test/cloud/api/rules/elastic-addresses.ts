import { addressesOf } from "../ec2/corrections";
import { find } from "../ec2/find";
import { instanceInterface } from "../ec2/instance-interface";
import { missing } from "../ec2/missing";
import { AwsError } from "../gateway/errors";
import type { Context, Handlers } from "../gateway/handler";
import { textAt, type XmlElement } from "../gateway/xml";

/** Elastic addresses: one place each, and none of them is taken from where it is if that is forbidden. */
export const elasticAddressHandlers: Handlers = {
  "ec2:AssociateAddress": {
    check: async (context) => {
      const { AllocationId: id, AllowReassociation: allowed, PrivateIpAddress: wanted } = context.call.params;
      if (id === undefined) {
        throw new AwsError("MissingParameter", "The request must contain the parameter AllocationId");
      }
      const addresses = await context.ec2.list("addresses");
      const address = addresses.find((one) => textAt(one, "allocationId") === id);
      if (address === undefined) throw missing.address([id]);
      await checkManaged(context, address);
      const eni = await interfaceFor(context);
      const privateIp = wanted ?? textAt(eni, "privateIpAddress");
      if (!addressesOf(eni).includes(privateIp)) {
        throw new AwsError(
          "InvalidParameterValue",
          `Invalid value '${privateIp}' for PrivateIpAddress: it is not one of ${textAt(eni, "networkInterfaceId")}`,
        );
      }
      // "Reassociation is automatic, but you can specify false" (EC2 API Reference, AssociateAddress).
      if (allowed !== "false") return;
      const taken = [address, ...addresses.filter((one) => isAt(one, eni, privateIp))].find(
        (one) => textAt(one, "associationId") !== "" && !(one === address && isAt(one, eni, privateIp)),
      );
      if (taken === undefined) return;
      throw associated(taken);
    },
    run: async (context) => {
      const { AllocationId = "", PrivateIpAddress } = context.call.params;
      const eni = await interfaceFor(context);
      return context.forward({
        AllocationId,
        NetworkInterfaceId: textAt(eni, "networkInterfaceId"),
        ...(PrivateIpAddress === undefined ? {} : { PrivateIpAddress }),
      });
    },
  },
  "ec2:DisassociateAddress": {
    check: async (context) => {
      const { AssociationId: id } = context.call.params;
      if (id === undefined) {
        throw new AwsError("MissingParameter", "The request must contain the parameter AssociationId");
      }
      const address = (await context.ec2.list("addresses")).find(
        (one) => textAt(one, "associationId") === id,
      );
      if (address === undefined) {
        throw new AwsError("InvalidAssociationID.NotFound", `The association ID '${id}' does not exist`);
      }
      await checkManaged(context, address);
    },
  },
  "ec2:CreateNatGateway": {
    check: async ({ call, ec2 }) => {
      const { AllocationId: id, ConnectivityType: type = "public", SubnetId: subnetId } = call.params;
      if (subnetId !== undefined) await find(ec2, "subnets", subnetId);
      if (type === "private" && id !== undefined) {
        throw new AwsError("InvalidParameterCombination", "A private NAT gateway has no elastic address");
      }
      if (type === "private") return;
      if (id === undefined) {
        throw new AwsError("MissingParameter", "The request must contain the parameter AllocationId");
      }
      const address = (await ec2.list("addresses")).find((one) => textAt(one, "allocationId") === id);
      if (address === undefined) throw missing.address([id]);
      if (textAt(address, "associationId") !== "") throw associated(address);
    },
  },
};

function associated(address: XmlElement): AwsError {
  const [id, association] = [textAt(address, "allocationId"), textAt(address, "associationId")];
  return new AwsError(
    "Resource.AlreadyAssociated",
    `resource ${id} is already associated with associate-id ${association}`,
  );
}

/** The address of a NAT gateway is the gateway's as long as that is there. */
async function checkManaged({ ec2 }: Context, address: XmlElement): Promise<void> {
  const id = textAt(address, "networkInterfaceId");
  const eni = (await ec2.list("networkInterfaces")).find((one) => textAt(one, "networkInterfaceId") === id);
  if (textAt(eni, "requesterManaged") !== "true") return;
  throw new AwsError("AuthFailure", "You do not have permission to access the specified resource.", 403);
}

function isAt(address: XmlElement, eni: XmlElement, privateIp: string): boolean {
  return (
    textAt(address, "networkInterfaceId") === textAt(eni, "networkInterfaceId") &&
    textAt(address, "privateIpAddress") === privateIp
  );
}

/** The interface that is named, or the only one of the instance that is. */
async function interfaceFor({ call, ec2 }: Context): Promise<XmlElement> {
  const { NetworkInterfaceId: eniId, InstanceId: instanceId } = call.params;
  if (eniId !== undefined && instanceId !== undefined) {
    throw new AwsError(
      "InvalidParameterCombination",
      "You may specify either the instance ID or the network interface ID, but not both",
    );
  }
  if (eniId !== undefined) return find(ec2, "networkInterfaces", eniId);
  if (instanceId === undefined) {
    throw new AwsError("MissingParameter", "Either 'InstanceId' or 'NetworkInterfaceId' must be provided");
  }
  return instanceInterface(ec2, instanceId);
}
