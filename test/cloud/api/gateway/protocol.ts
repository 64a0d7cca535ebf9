/** How a service's requests and answers are written. */
export type Protocol = "ec2" | "query" | "rest-xml" | "json";

export const PROTOCOLS: Readonly<Record<string, Protocol>> = {
  ec2: "ec2",
  iam: "query",
  sts: "query",
  route53: "rest-xml",
  ssm: "json",
  route53resolver: "json",
};

export function protocolOf(service: string): Protocol {
  return PROTOCOLS[service] ?? "query";
}
