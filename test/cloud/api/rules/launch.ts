import { AT_LAUNCH, checkAddresses } from "../ec2/addresses";
import { addressesOf, interfacesOf as attachedTo } from "../ec2/corrections";
import { ec2Reply } from "../ec2/describe";
import { find } from "../ec2/find";
import { checkGroups } from "../ec2/groups";
import { AwsError, errorCodeOf } from "../gateway/errors";
import type { Context, Handlers } from "../gateway/handler";
import { structParams, type Params } from "../gateway/params";
import { itemsAt, parseXml, textAt, type XmlElement } from "../gateway/xml";
import { checkUserData } from "./instance-attributes";
import { grouped } from "./instance-describes";
import { knownProfile } from "./instance-profiles";
import { starting } from "./instance-states";

/** RunInstances: addresses and interfaces that can be had, AWS's defaults, `pending` first. */
export const launchHandlers: Handlers = {
  "ec2:RunInstances": {
    check: async (context) => {
      const { call, ec2 } = context;
      for (const name of ["ImageId", "MinCount", "MaxCount"]) {
        if (call.params[name] === undefined) {
          const parameter = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
          throw new AwsError("MissingParameter", `The request must contain the parameter ${parameter}`);
        }
      }
      checkCounts(call.params);
      checkUserData(call.params.UserData ?? "");
      await checkKey(context);
      const interfaces = interfacesOf(call.params);
      const subnetId = call.params.SubnetId;
      if (subnetId !== undefined) {
        const subnet = await find(ec2, "subnets", subnetId);
        checkZone(subnet, call.params["Placement.AvailabilityZone"]);
        await checkAddresses(ec2, subnet, present(call.params.PrivateIpAddress), AT_LAUNCH);
      }
      await checkGroups(
        ec2,
        call.params,
        subnetId ?? interfaces.find((each) => each.SubnetId !== undefined)?.SubnetId,
      );
      for (const each of interfaces) await checkInterface(context, each);
    },
    run: async (context) => {
      const { call, ec2, settings } = context;
      const reply = await context.forward(withDefaults(call.params));
      if (errorCodeOf(reply) === "InvalidInstanceType.NotFound") {
        const type = call.params.InstanceType ?? "";
        throw new AwsError("InvalidParameterValue", `Invalid value '${type}' for InstanceType.`);
      }
      if (knownProfile(reply, call.params).status >= 400) return reply;
      ec2.changed(call.action);
      const reservationId = textAt(parseXml(reply.body), "RunInstancesResponse.reservationId");
      const launched = (await ec2.raw("instances")).filter(
        (instance) => textAt(instance, "#reservationId") === reservationId,
      );
      const credits = call.params["CreditSpecification.CpuCredits"];
      for (const instance of launched) {
        const id = textAt(instance, "instanceId");
        if (credits !== undefined) ec2.credits.set(id, credits);
        if (call.params.DisableApiTermination === "true") {
          await ec2.ask("ModifyInstanceAttribute", { InstanceId: id, "DisableApiTermination.Value": "true" });
        }
        await starting(ec2, id, settings);
      }
      ec2.changed("StateChange");
      for (const instance of launched) {
        await addSecondary(context, textAt(instance, "instanceId"));
        await tagInterfaces(context, textAt(instance, "instanceId"));
      }
      const shown = (await ec2.list("instances")).filter(
        (instance) => textAt(instance, "#reservationId") === reservationId,
      );
      return ec2Reply(call.action, grouped(shown)[0] ?? {});
    },
  },
};

function checkCounts({ MinCount = "", MaxCount = "" }: Params): void {
  const wrong = Number(MinCount) < 1 ? ["minCount", MinCount] : ["maxCount", MaxCount];
  if (Number(MinCount) >= 1 && Number(MaxCount) >= Number(MinCount)) return;
  throw new AwsError(
    "InvalidParameterValue",
    `Value ( ${wrong[1] ?? ""} ) for parameter ${wrong[0] ?? ""} is invalid.`,
  );
}

async function checkKey({ call, ec2 }: Context): Promise<void> {
  const name = call.params.KeyName;
  if (name === undefined) return;
  const answer = await ec2.ask("DescribeKeyPairs", {});
  const known = itemsAt(answer.DescribeKeyPairsResponse, "keySet").map((key) => textAt(key, "keyName"));
  if (known.includes(name)) return;
  throw new AwsError("InvalidKeyPair.NotFound", `The key pair '${name}' does not exist`);
}

function checkZone(subnet: XmlElement, zone: string | undefined): void {
  const own = textAt(subnet, "availabilityZone");
  if (zone === undefined || zone === own) return;
  throw new AwsError(
    "InvalidParameterValue",
    `Value (${zone}) for parameter availabilityZone is invalid. Subnet '${textAt(subnet, "subnetId")}' is in the ` +
      `availability zone ${own}`,
  );
}

/** moto tags what a launch makes, but not its interfaces. */
async function tagInterfaces({ call, ec2 }: Context, instanceId: string): Promise<void> {
  const specification = structParams(call.params, "TagSpecification").find(
    (one) => one.ResourceType === "network-interface",
  );
  if (specification === undefined) return;
  const tags = Object.entries(specification).filter(([name]) => name.startsWith("Tag."));
  const made = attachedTo(await ec2.raw("networkInterfaces"), instanceId).map((eni) =>
    textAt(eni, "networkInterfaceId"),
  );
  const ids = made.map((id, index) => [`ResourceId.${index + 1}`, id]);
  await ec2.ask("CreateTags", Object.fromEntries([...ids, ...tags]) as Params);
  ec2.changed("CreateTags");
}

type Interface = Record<string, string>;

function interfacesOf(params: Params): Interface[] {
  return structParams(params, "NetworkInterface");
}

function present(...values: (string | undefined)[]): string[] {
  return values.filter((value): value is string => value !== undefined);
}

async function checkInterface({ ec2 }: Context, each: Interface): Promise<void> {
  if (each.NetworkInterfaceId !== undefined) {
    const eni = await find(ec2, "networkInterfaces", each.NetworkInterfaceId);
    if (textAt(eni, "status") !== "available") {
      throw new AwsError("InvalidNetworkInterface.InUse", `Interface: [${each.NetworkInterfaceId}] in use.`);
    }
    return;
  }
  if (each.SubnetId === undefined) return;
  const subnet = await find(ec2, "subnets", each.SubnetId);
  const listed = structParams(each, "PrivateIpAddresses").map((one) => one.PrivateIpAddress);
  await checkAddresses(ec2, subnet, present(each.PrivateIpAddress, ...listed), AT_LAUNCH);
}

/** moto gives a launched instance's interfaces their primary address only. */
async function addSecondary({ call, ec2 }: Context, instanceId: string): Promise<void> {
  for (const each of interfacesOf(call.params)) {
    const listed = structParams(each, "PrivateIpAddresses")
      .filter((one) => one.Primary !== "true")
      .map((one) => one.PrivateIpAddress);
    const count = each.SecondaryPrivateIpAddressCount;
    if (each.NetworkInterfaceId !== undefined || (listed.length === 0 && count === undefined)) continue;
    const eni = attachedTo(await ec2.raw("networkInterfaces"), instanceId).find(
      (one) => textAt(one, "attachment.deviceIndex") === (each.DeviceIndex ?? "0"),
    );
    const own = eni === undefined ? [] : addressesOf(eni);
    const missing = present(...listed).filter((address) => !own.includes(address));
    if (missing.length === 0 && count === undefined) continue;
    await ec2.ask("AssignPrivateIpAddresses", {
      NetworkInterfaceId: textAt(eni, "networkInterfaceId"),
      ...Object.fromEntries(missing.map((address, index) => [`PrivateIpAddress.${index + 1}`, address])),
      ...(count === undefined ? {} : { SecondaryPrivateIpAddressCount: count }),
    });
    ec2.changed("AssignPrivateIpAddresses");
  }
}

/** "EBS volumes are deleted with the instance" is the default at a launch; moto takes it for `false`. */
function withDefaults(params: Params): Params {
  const defaults = structParams(params, "BlockDeviceMapping").flatMap((mapping, index) => {
    const isVolume = Object.keys(mapping).some((name) => name.startsWith("Ebs."));
    const name = `BlockDeviceMapping.${index + 1}.Ebs.DeleteOnTermination`;
    return isVolume ? [[name, "true"]] : [];
  });
  // moto makes as many as the least that was asked for, AWS as many as it can.
  const count: Params = params.MaxCount === undefined ? {} : { MinCount: params.MaxCount };
  return { ...(Object.fromEntries(defaults) as Record<string, string>), ...params, ...count };
}
