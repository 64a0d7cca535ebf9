import { getAmiOutput } from "@pulumi/aws/ec2";
import { getParameterOutput } from "@pulumi/aws/ssm";
import type * as pulumi from "@pulumi/pulumi";
import { architectureOf, imageParameter, type NodeSystem } from "./systems.plan";

/**
 * The newest image of an operating system in the stack's region and partition. The public parameter says which one;
 * the look-up by owner makes sure that it is Amazon's or, for SLES, of a publisher that Amazon has verified (both have
 * the alias `amazon`): an image that is found by its name alone may be anyone's ("whoAMI").
 */
export function latestImage(
  system: NodeSystem,
  instanceType: string,
  opts: pulumi.InvokeOptions,
): pulumi.Output<string> {
  const parameter = getParameterOutput({ name: imageParameter(system, architectureOf(instanceType)) }, opts);
  return getAmiOutput(
    { owners: ["amazon"], mostRecent: true, filters: [{ name: "image-id", values: [parameter.value] }] },
    opts,
  ).id;
}
