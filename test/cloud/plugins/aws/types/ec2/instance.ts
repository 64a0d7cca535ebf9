import { architectureOf } from "../../../../../../components/nodes/systems.plan";
import { type Problem } from "../../../frame/definition";
import { words } from "../../../frame/fields";
import { isValues, type Values } from "../../../frame/values";
import { until } from "../../../frame/wait";
import { type AwsContext } from "../../context";
import { resource } from "../../define";
import { ec2Tags } from "../../tags";
import { instanceFields } from "./instance-fields";
import { type InstanceInputs, launch, launchInput } from "./instance-launch";
import { findInstance, instanceState } from "./instance-read";
import { setTermination, updateInstance } from "./instance-update";

export const instance = resource(
  {
    token: "aws:ec2/instance:Instance",
    inputs: instanceFields,
    outputs: words(
      `arn instanceLifecycle instanceState outpostArn passwordData primaryNetworkInterfaceId privateDns publicDns publicIp
      spotInstanceRequestId tagsAll ipv6Addresses ipv6AddressCount securityGroups ebsBlockDevices ephemeralBlockDevices`,
    ),
    gone: ["InvalidInstanceID.NotFound"],
    check: (inputs) => checkInstance(inputs),
    replaces: (property, news, state) =>
      (["userData", "userDataBase64"].includes(property) && news.userDataReplaceOnChange === true) ||
      // Within one architecture the instance is stopped, changed and started.
      (property === "instanceType" &&
        isOtherArchitecture(String(state["instanceType"]), String(news.instanceType))),
    async create(context, inputs) {
      const id = await launch(context, await launchInput(context, inputs));
      context.created(id);
      await running(context, id);
      if (inputs.sourceDestCheck === false && !hasOwnInterfaces(inputs)) {
        await context.ec2("ModifyInstanceAttribute", { InstanceId: id, SourceDestCheck: { Value: false } });
      }
      return id;
    },
    read: instanceState,
    async update(context, id, news, changes, state) {
      await updateInstance(context, id, news, changes, state);
    },
    async delete(context, id, state) {
      if (state["forceDestroy"] === true) await setTermination(context, id, false);
      await context.ec2("TerminateInstances", { InstanceIds: [id] });
      await until(context, `instance ${id} to be terminated`, async () => {
        const it = await findInstance(context, id);
        return !it || it.State?.Name === "terminated" ? true : undefined;
      });
    },
  },
  { tags: ec2Tags },
);

const isOtherArchitecture = (one: string, other: string): boolean =>
  architectureOf(one) !== architectureOf(other);

const hasOwnInterfaces = (
  inputs: Pick<InstanceInputs, "primaryNetworkInterface" | "networkInterfaces">,
): boolean => inputs.primaryNetworkInterface !== undefined || (inputs.networkInterfaces ?? []).length > 0;

async function running(context: AwsContext, id: string): Promise<void> {
  context.say(`waiting for ${id} to run`, "debug");
  await until(context, `instance ${id} to run`, async () => {
    const it = await findInstance(context, id);
    const state = it?.State?.Name;
    if (state === "terminated" || state === "shutting-down") {
      throw new Error(
        `${id} didn't start: ${it?.StateReason?.Message ?? "no reason given"}. Remove the cause and run the update again.`,
      );
    }
    return state === "running" ? true : undefined;
  });
}

function checkInstance(inputs: Values): Problem[] {
  const problems: Problem[] = [];
  for (const name of ["ami", "instanceType"]) {
    if (inputs[name] === undefined)
      problems.push({
        property: name,
        reason: `${name} is required, as launch templates aren't handled. Set it.`,
      });
  }
  if (inputs["userData"] !== undefined && inputs["userDataBase64"] !== undefined) {
    problems.push({
      property: "userDataBase64",
      reason: "userData and userDataBase64 exclude each other. Keep one.",
    });
  }
  const interfaces = inputs["networkInterfaces"];
  const own =
    isValues(inputs["primaryNetworkInterface"]) || (Array.isArray(interfaces) && interfaces.length > 0);
  if (own) {
    const clash = [
      "subnetId",
      "privateIp",
      "vpcSecurityGroupIds",
      "associatePublicIpAddress",
      "secondaryPrivateIps",
    ];
    for (const name of clash.filter((property) => inputs[property] !== undefined)) {
      problems.push({
        property: name,
        reason: `${name} belongs to the network interface that the instance is given. Set it there.`,
      });
    }
    if (inputs["sourceDestCheck"] === false) {
      problems.push({
        property: "sourceDestCheck",
        reason: "sourceDestCheck belongs to the network interface that the instance is given. Set it there.",
      });
    }
  }
  return problems;
}
