import { interfacesOf, primaryOf } from "../ec2/corrections";
import { ec2Done } from "../ec2/describe";
import { find } from "../ec2/find";
import { checkGroups } from "../ec2/groups";
import { AwsError, notImplemented } from "../gateway/errors";
import type { Context, Handlers } from "../gateway/handler";
import { textAt } from "../gateway/xml";

const WHILE_STOPPED = ["InstanceType", "UserData"];
const ANY_TIME = ["DisableApiTermination", "DisableApiStop", "EbsOptimized", "GroupId", "BlockDeviceMapping"];

/** ModifyInstanceAttribute. Source/dest check is one value: that of the instance's only interface. */
export const instanceAttributeHandlers: Handlers = {
  "ec2:ModifyInstanceAttribute": {
    check: async (context) => {
      const instance = await find(context.ec2, "instances", context.call.params.InstanceId ?? "");
      await checkGroups(context.ec2, context.call.params, textAt(instance, "subnetId"));
      const attribute = attributeOf(context);
      if (attribute === "SourceDestCheck") await onlyInterface(context);
      if (WHILE_STOPPED.includes(attribute) && textAt(instance, "instanceState.name") !== "stopped") {
        const id = textAt(instance, "instanceId");
        throw new AwsError("IncorrectInstanceState", `The instance '${id}' is not in the 'stopped' state.`);
      }
    },
    run: async (context) => {
      const { call, ec2, forward } = context;
      if (attributeOf(context) !== "SourceDestCheck") return forward();
      const wanted = call.params["SourceDestCheck.Value"] ?? call.params.Value ?? "";
      const params = { NetworkInterfaceId: await onlyInterface(context), "SourceDestCheck.Value": wanted };
      await ec2.ask("ModifyNetworkInterfaceAttribute", params);
      return ec2Done(call.action);
    },
  },
};

function attributeOf({ call }: Context): string {
  const named = call.params.Attribute;
  if (named !== undefined) return `${named.charAt(0).toUpperCase()}${named.slice(1)}`;
  const given = Object.keys(call.params)
    .map((name) => name.split(".")[0] ?? "")
    .filter((name) => !["InstanceId", "DryRun"].includes(name));
  const known = ["SourceDestCheck", ...WHILE_STOPPED, ...ANY_TIME];
  const unknown = given.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw notImplemented(`ModifyInstanceAttribute's parameter ${unknown}`, `It has: ${known.join(", ")}.`);
  }
  return given[0] ?? "";
}

async function onlyInterface({ call, ec2 }: Context): Promise<string> {
  const id = call.params.InstanceId ?? "";
  const interfaces = await ec2.list("networkInterfaces");
  if (interfacesOf(interfaces, id).length > 1) {
    throw new AwsError(
      "InvalidInstanceID",
      `There are multiple interfaces attached to instance '${id}'. ` +
        "Please specify an interface ID for the operation instead.",
    );
  }
  return textAt(primaryOf(interfaces, id), "networkInterfaceId");
}
