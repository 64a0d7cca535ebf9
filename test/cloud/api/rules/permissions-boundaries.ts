import { AwsError } from "../gateway/errors";
import type { Context, Handlers } from "../gateway/handler";

/** A role's permissions boundary is a managed policy that exists, and stays while it is one. */
export const permissionsBoundaryHandlers: Handlers = {
  "iam:CreateRole": { check: checkBoundary },
  "iam:PutRolePermissionsBoundary": { check: checkBoundary },
  "iam:DeletePolicy": {
    check: async ({ call, directory }) => {
      const { roles } = await directory.account(call.partition);
      const bounded = [...roles.values()].some((role) => role.boundary?.name === call.params.PolicyArn);
      if (!bounded) return;
      throw new AwsError(
        "DeleteConflict",
        "Cannot delete a policy that is a permissions boundary of a role.",
        409,
      );
    },
  },
};

async function checkBoundary({ call, directory }: Context): Promise<void> {
  const arn = call.params.PermissionsBoundary;
  if (arn === undefined) return;
  if ((await directory.account(call.partition)).policies.has(arn)) return;
  throw new AwsError("NoSuchEntity", `Scope ARN: ${arn} does not exist or is not attachable.`);
}
