import { runSimulation } from "@cloud-copilot/iam-simulate";
import { type ArnScope, type Partition, type PolicyDocument } from "../../../components/iam/policy.plan";

/** One API call as IAM sees it: authorised only if the action is allowed on every resource it names. */
export interface Call {
  action: string;
  resources: string[];
  context?: Record<string, string | string[]>;
}

export const SCOPES: Record<Partition, ArnScope> = {
  aws: { partition: "aws", region: "us-east-1", accountId: "123456789012" },
  "aws-cn": { partition: "aws-cn", region: "cn-north-1", accountId: "123456789012" },
  "aws-us-gov": { partition: "aws-us-gov", region: "us-gov-west-1", accountId: "123456789012" },
};

/** Whether a node with this policy may make the call; an error of the simulator is thrown, never read as a denial. */
export async function isAllowed(policy: PolicyDocument, scope: ArnScope, call: Call): Promise<boolean> {
  for (const resource of call.resources) {
    const result = await runSimulation(
      {
        request: {
          principal: `arn:${scope.partition}:sts::${scope.accountId}:assumed-role/node/i-00000000000000001`,
          action: call.action,
          resource: { resource, accountId: scope.accountId },
          contextVariables: call.context ?? {},
        },
        identityPolicies: [{ name: "node", policy }],
        serviceControlPolicies: [],
        resourceControlPolicies: [],
      },
      {},
    );
    if (result.resultType === "error") {
      throw new Error(`${call.action} on ${resource}: ${JSON.stringify(result.errors)}`);
    }
    if (result.overallResult !== "Allowed") return false;
  }
  return true;
}

/** The context of a ChangeResourceRecordSets call with one change. */
export function change(action: string, name: string, type: string): Record<string, string[]> {
  return {
    "route53:ChangeResourceRecordSetsActions": [action],
    "route53:ChangeResourceRecordSetsNormalizedRecordNames": [name],
    "route53:ChangeResourceRecordSetsRecordTypes": [type],
  };
}
