/** The partition of a region. Global services are signed with a region of their partition. */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-") || region === "aws-cn-global") return "aws-cn";
  if (region.startsWith("us-gov-") || region === "aws-us-gov-global") return "aws-us-gov";
  return "aws";
}
