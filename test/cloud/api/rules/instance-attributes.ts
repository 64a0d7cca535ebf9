import { interfacesOf, primaryOf } from "../ec2/corrections";
import { ec2Done } from "../ec2/describe";
import { find } from "../ec2/find";
import { checkGroups } from "../ec2/groups";
import { AwsError, notImplemented } from "../gateway/errors";
import type { Context, Handlers } from "../gateway/handler";
import { textAt } from "../gateway/xml";

const WHILE_STOPPED = ["InstanceType", "UserData"];
const ANY_TIME = [
  "DisableApiTermination",
  "DisableApiStop",
  "EbsOptimized",
  "GroupId",
  "BlockDeviceMapping",
  "InstanceInitiatedShutdownBehavior",
];
/** Bytes before they are encoded (EC2 User Guide, "Run commands at launch"). */
const USER_DATA_LIMIT = 16 * 1024;

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
      if (attribute === "UserData") checkUserData(valueOf(context));
    },
    run: async (context) => {
      const { call, ec2, forward } = context;
      const attribute = attributeOf(context);
      const InstanceId = call.params.InstanceId ?? "";
      const value = valueOf(context);
      switch (attribute) {
        case "SourceDestCheck":
          await ec2.ask("ModifyNetworkInterfaceAttribute", {
            NetworkInterfaceId: await onlyInterface(context),
            "SourceDestCheck.Value": value,
          });
          return ec2Done(call.action);
        case "UserData":
          // moto 5.2.5 decodes the value twice; the other form of the call it keeps as it is.
          return forward(
            value === ""
              ? { InstanceId, "UserData.Value": "" }
              : { InstanceId, "UserData.Value": Buffer.from(value).toString("base64") },
          );
        case "InstanceInitiatedShutdownBehavior":
          return forward({ InstanceId, Attribute: "instanceInitiatedShutdownBehavior", Value: value });
        default:
          return forward();
      }
    },
  },
};

function valueOf(context: Context): string {
  const { params } = context.call;
  return params[`${attributeOf(context)}.Value`] ?? params.Value ?? "";
}

/** @throws AwsError InvalidParameterValue if it is not base64, or too long */
export function checkUserData(value: string): void {
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(value)) {
    throw new AwsError("InvalidParameterValue", "Invalid BASE64 encoding of user data.");
  }
  if (Buffer.from(value, "base64").length <= USER_DATA_LIMIT) return;
  throw new AwsError("InvalidParameterValue", "User data is limited to 16384 bytes");
}

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
  const [first = "", second] = [...new Set(given)];
  if (second !== undefined) {
    throw new AwsError(
      "InvalidParameterCombination",
      `Fields for multiple attribute types specified: ${first}, ${second}`,
    );
  }
  return first;
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
