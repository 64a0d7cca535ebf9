import { AT_CREATION, checkAddresses } from "../ec2/addresses";
import { addressesOf } from "../ec2/corrections";
import { ec2Done, ec2Reply } from "../ec2/describe";
import { find } from "../ec2/find";
import { AwsError } from "../gateway/errors";
import type { Context, Handlers } from "../gateway/handler";
import { listParam, type Params } from "../gateway/params";
import type { Reply } from "../gateway/reply";
import { textAt } from "../gateway/xml";

/** Secondary private addresses of an interface. */
export const secondaryAddressHandlers: Handlers = {
  "ec2:AssignPrivateIpAddresses": { check: checkAssignment, run: assign },
  "ec2:UnassignPrivateIpAddresses": {
    check: async ({ call, ec2 }) => {
      const { eni, own } = await interfaceOf({ call, ec2 });
      for (const address of listParam(call.params, "PrivateIpAddress")) {
        if (!own.includes(address)) {
          throw new AwsError(
            "InvalidParameterValue",
            `Some of the specified addresses are not assigned to interface ${textAt(eni, "networkInterfaceId")}`,
          );
        }
        if (address !== textAt(eni, "privateIpAddress")) continue;
        throw new AwsError("InvalidParameterValue", `The primary address ${address} cannot be unassigned.`);
      }
    },
    run: async ({ call, forward }) => {
      const reply = await forward();
      return reply.status >= 400 ? reply : ec2Done(call.action);
    },
  },
};

async function interfaceOf({ call, ec2 }: Pick<Context, "call" | "ec2">) {
  const eni = await find(ec2, "networkInterfaces", call.params.NetworkInterfaceId ?? "");
  return { eni, own: addressesOf(eni) };
}

async function checkAssignment({ call, ec2 }: Context): Promise<void> {
  const { eni, own } = await interfaceOf({ call, ec2 });
  const reassigns = call.params.AllowReassignment === "true";
  const listed = listParam(call.params, "PrivateIpAddress");
  // Moving an address to where it is changes nothing.
  const wanted = reassigns ? listed.filter((address) => !own.includes(address)) : listed;
  const subnet = await find(ec2, "subnets", textAt(eni, "subnetId"));
  const others = (await ec2.list("networkInterfaces")).filter(
    (one) => textAt(one, "subnetId") === textAt(eni, "subnetId"),
  );
  const taken = wanted.filter((address) => others.some((one) => addressesOf(one).includes(address)));
  if (taken.length > 0 && !reassigns) {
    throw new AwsError(
      "InvalidParameterValue",
      `Some of [${taken.join(", ")}] are assigned, but move is not allowed`,
    );
  }
  const primary = taken.find((address) => others.some((one) => textAt(one, "privateIpAddress") === address));
  if (primary !== undefined) {
    throw new AwsError(
      "InvalidParameterValue",
      `The address ${primary} is the primary address of an interface: only secondary addresses can be moved`,
    );
  }
  await checkAddresses(
    ec2,
    subnet,
    wanted.filter((address) => !taken.includes(address)),
    AT_CREATION,
  );
  const instanceId = textAt(eni, "attachment.instanceId");
  if (instanceId === "") return;
  const type = textAt(await find(ec2, "instances", instanceId), "instanceType");
  const count = wanted.length + Number(call.params.SecondaryPrivateIpAddressCount ?? 0);
  if (own.length + count <= (await ec2.networkLimit(type, "ipv4AddressesPerInterface"))) return;
  throw new AwsError("PrivateIpAddressLimitExceeded", "Number of private addresses will exceed limit.");
}

/** moto answers with all of the interface's addresses, AWS with the new ones. */
async function assign(context: Context): Promise<Reply> {
  const { call, ec2, forward } = context;
  const { eni, own } = await interfaceOf(context);
  const wanted = listParam(call.params, "PrivateIpAddress").filter((address) => !own.includes(address));
  const given = Object.entries(call.params).filter(
    ([name]) => !/^(PrivateIpAddress\.|AllowReassignment$)/.test(name),
  );
  const listed = wanted.map((address, index) => [`PrivateIpAddress.${index + 1}`, address]);
  const reply = await forward(Object.fromEntries([...given, ...listed]) as Params);
  if (reply.status >= 400) return reply;
  ec2.changed(call.action);
  const now = (await interfaceOf(context)).own;
  const item = now
    .filter((address) => !own.includes(address))
    .map((privateIpAddress) => ({ privateIpAddress }));
  return ec2Reply(call.action, {
    networkInterfaceId: textAt(eni, "networkInterfaceId"),
    assignedPrivateIpAddressesSet: { item },
  });
}
