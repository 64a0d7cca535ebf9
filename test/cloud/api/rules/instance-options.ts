import { ec2Reply } from "../ec2/describe";
import { filtered } from "../ec2/filters";
import { find } from "../ec2/find";
import { missing } from "../ec2/missing";
import { paged } from "../ec2/pages";
import type { Ec2Region } from "../ec2/region";
import { AwsError } from "../gateway/errors";
import type { Context, Handlers } from "../gateway/handler";
import { listParam, structParams } from "../gateway/params";
import type { Reply } from "../gateway/reply";
import { textAt, type XmlElement } from "../gateway/xml";

/** What moto shows of an instance but lets nobody change: detailed monitoring and CPU credits. */
export const instanceOptionHandlers: Handlers = {
  "ec2:MonitorInstances": { check: checkAll, run: (context) => monitor(context, "enabled", "pending") },
  "ec2:UnmonitorInstances": { check: checkAll, run: (context) => monitor(context, "disabled", "disabling") },
  "ec2:ModifyInstanceCreditSpecification": { run: modifyCredits },
  "ec2:DescribeInstanceCreditSpecifications": { run: describeCredits },
};

async function checkAll({ call, ec2 }: Context): Promise<void> {
  const ids = listParam(call.params, "InstanceId");
  if (ids.length === 0) {
    throw new AwsError("MissingParameter", "The request must contain the parameter InstanceId");
  }
  for (const id of ids) await find(ec2, "instances", id);
}

/** moto keeps the state as an attribute, which it sets to whatever it is told. */
async function monitor({ call, ec2 }: Context, state: string, onTheWay: string): Promise<Reply> {
  const ids = listParam(call.params, "InstanceId");
  for (const InstanceId of ids) {
    await ec2.ask("ModifyInstanceAttribute", { InstanceId, Attribute: "monitoringState", Value: state });
  }
  const item = ids.map((instanceId) => ({ instanceId, monitoring: { state: onTheWay } }));
  return ec2Reply(call.action, { instancesSet: { item } });
}

/** EC2 User Guide, "Burstable performance instances": the credit option that a family is launched with. */
const DEFAULT_CREDITS: Record<string, string> = {
  t2: "standard",
  t3: "unlimited",
  t3a: "unlimited",
  t4g: "unlimited",
};

function creditsOf(ec2: Ec2Region, instance: XmlElement): string | undefined {
  const [family = ""] = textAt(instance, "instanceType").split(".");
  const standard = DEFAULT_CREDITS[family];
  return standard === undefined ? undefined : (ec2.credits.get(textAt(instance, "instanceId")) ?? standard);
}

async function describeCredits(context: Context): Promise<Reply> {
  const { call, ec2 } = context;
  const ids = listParam(call.params, "InstanceId");
  const instances = await ec2.list("instances");
  const absent = ids.filter((id) => !instances.some((one) => textAt(one, "instanceId") === id));
  if (absent.length > 0) throw missing.instance(absent);
  const all = instances.flatMap((instance) => {
    const cpuCredits = creditsOf(ec2, instance);
    return cpuCredits === undefined ? [] : [{ instanceId: textAt(instance, "instanceId"), cpuCredits }];
  });
  const fixed = ids.find((id) => !all.some((one) => one.instanceId === id));
  if (fixed !== undefined) {
    throw new AwsError(
      "InvalidInstanceID",
      `The instance '${fixed}' is not a burstable performance instance.`,
    );
  }
  // Without ids: "burstable performance instances with the unlimited credit option" (the action's page).
  const chosen = all.filter((one) =>
    ids.length > 0 ? ids.includes(one.instanceId) : one.cpuCredits === "unlimited",
  );
  const item = filtered(chosen, context, { "instance-id": "instanceId" });
  const { page, nextToken } = paged(item, call);
  return ec2Reply(call.action, {
    instanceCreditSpecificationSet: { item: page },
    ...(nextToken === "" ? {} : { nextToken }),
  });
}

/** Each instance succeeds or fails by itself; the call does not fail. */
async function modifyCredits({ call, ec2 }: Context): Promise<Reply> {
  const instances = await ec2.list("instances");
  const done: XmlElement[] = [];
  const failed: XmlElement[] = [];
  for (const { InstanceId: id = "", CpuCredits: credits = "" } of structParams(
    call.params,
    "InstanceCreditSpecification",
  )) {
    if (!["standard", "unlimited"].includes(credits)) {
      throw new AwsError("InvalidParameterValue", `Invalid value '${credits}' for CpuCredits.`);
    }
    const instance = instances.find((one) => textAt(one, "instanceId") === id);
    const code =
      instance === undefined
        ? "InvalidInstanceID.NotFound"
        : creditsOf(ec2, instance) === undefined
          ? "InstanceCreditSpecification.NotSupported"
          : undefined;
    if (code === undefined) {
      ec2.credits.set(id, credits);
      done.push({ instanceId: id });
    } else {
      const message = `The credit option of instance '${id}' cannot be changed.`;
      failed.push({ instanceId: id, error: { code, message } });
    }
  }
  return ec2Reply(call.action, {
    successfulInstanceCreditSpecificationSet: { item: done },
    unsuccessfulInstanceCreditSpecificationSet: { item: failed },
  });
}
