/** Operating systems that a node can run. */
export const nodeSystems = ["amazon-linux-2023", "sles-15"] as const;
export type NodeSystem = (typeof nodeSystems)[number];

/** Sizes of the images in GiB; no root volume can be smaller. Source: DescribeImages of Amazon's and SUSE's images. */
export const imageGiB: Readonly<Record<NodeSystem, number>> = { "amazon-linux-2023": 8, "sles-15": 10 };

/**
 * Whether a system's packages are to be had without a way to the internet. Amazon's are in S3, which has an endpoint in the
 * VPC (Amazon Linux 2023 User Guide, "Repositories"); SUSE's are on servers of its own, which need egress.
 */
export const hasPackagesInS3: Readonly<Record<NodeSystem, boolean>> = {
  "amazon-linux-2023": true,
  "sles-15": false,
};

export type Architecture = "x86_64" | "arm64";

/**
 * The architecture of an instance type: Graviton families have a `g` behind their generation (t4g, m7gd, c6gn), and
 * a1 is the first of them. Source: EC2 User Guide, "Instance type naming conventions".
 */
export function architectureOf(instanceType: string): Architecture {
  const family = instanceType.split(".")[0] ?? "";
  const attributes = /^[a-z]+\d+([a-z0-9-]*)$/.exec(family)?.[1] ?? "";
  return family === "a1" || attributes.includes("g") ? "arm64" : "x86_64";
}

/** Public SSM parameters that AWS and SUSE keep pointing to their newest image, in every partition. */
export function imageParameter(system: NodeSystem, architecture: Architecture): string {
  if (system === "sles-15") return `/aws/service/suse/sles/15-sp6/${architecture}/latest`;
  return `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}`;
}
