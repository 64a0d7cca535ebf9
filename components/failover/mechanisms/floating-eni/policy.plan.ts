import { type ArnScope, ec2Arn, policyDocument, type PolicyDocument } from "../../../iam/policy.plan";

export interface FloatingEniPolicyArgs extends ArnScope {
  /** The floating interface, e.g. `eni-0abc`. */
  networkInterfaceId: string;
  /** The nodes between which it moves. At least one. */
  instanceIds: readonly string[];
}

/**
 * What moving an ENI takes. Attaching and detaching are each authorised against the interface and the instance, so
 * both are listed: neither another interface nor another instance can be used. Instance types are described because
 * they limit how many interfaces an instance may have.
 */
export function floatingEniPolicy(args: FloatingEniPolicyArgs): PolicyDocument {
  if (args.instanceIds.length === 0)
    throw new Error("A policy for a floating ENI needs at least one instance");
  return policyDocument(
    {
      Sid: "SeeInterfacesAndNodes",
      Effect: "Allow",
      Action: [
        "ec2:DescribeInstanceStatus",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeInstances",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
      ],
      Resource: ["*"],
    },
    {
      Sid: "MoveTheFloatingInterface",
      Effect: "Allow",
      Action: ["ec2:AttachNetworkInterface", "ec2:DetachNetworkInterface"],
      Resource: [
        ec2Arn(args, "network-interface", args.networkInterfaceId),
        ...args.instanceIds.map((id) => ec2Arn(args, "instance", id)),
      ],
    },
  );
}
