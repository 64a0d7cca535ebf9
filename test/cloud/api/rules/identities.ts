import { randomUUID } from "node:crypto";
import { ACCOUNT_ID } from "../admin/types";
import { AwsError } from "../gateway/errors";
import type { Context, Handlers } from "../gateway/handler";
import { xmlReply, type Reply } from "../gateway/reply";
import { at, parseXml, renderXml, textAt, type XmlElement } from "../gateway/xml";
import { trusts } from "../iam/trust";

/** Access keys and role sessions: the gateway knows whose they are, so that it can judge their calls. */
export const identityHandlers: Handlers = {
  "iam:CreateAccessKey": {
    run: async ({ call, forward, principal, principals, directory }) => {
      const own = principal.kind === "user" ? principal.name : undefined;
      const UserName = call.params.UserName ?? own;
      const reply = await forward(UserName === undefined ? call.params : { ...call.params, UserName });
      if (reply.status >= 400) return reply;
      const key = at(parseXml(reply.body), "CreateAccessKeyResponse.CreateAccessKeyResult.AccessKey");
      const name = textAt(key, "UserName");
      const user = (await directory.account(call.partition)).users.get(name);
      principals.addUser(textAt(key, "AccessKeyId"), name, user?.arn ?? "", user?.id ?? "");
      return reply;
    },
  },
  "iam:DeleteAccessKey": {
    run: async ({ call, forward, principals }) => {
      const reply = await forward();
      if (reply.status < 400) principals.remove(call.params.AccessKeyId ?? "");
      return reply;
    },
  },
  "iam:DeleteUser": {
    run: async ({ call, forward, principals }) => {
      const reply = await forward();
      if (reply.status < 400) principals.removeUser(call.params.UserName ?? "");
      return reply;
    },
  },
  "sts:AssumeRole": { run: assumeRole },
  "sts:GetCallerIdentity": {
    run: ({ principal }) =>
      stsReply("GetCallerIdentity", { Arn: principal.arn, UserId: principal.userId, Account: ACCOUNT_ID }),
  },
};

async function assumeRole({ call, principal, principals, directory }: Context): Promise<Reply> {
  const { RoleArn: arn = "", RoleSessionName: session = "", Policy: policy, DurationSeconds } = call.params;
  const role = [...(await directory.account(call.partition)).roles.values()].find((one) => one.arn === arn);
  // AWS does not tell a role that does not exist from one that does not trust the caller.
  if (role === undefined || !trusts(role.trust, arn, principal)) {
    const what = `User: ${principal.arn} is not authorized to perform: sts:AssumeRole on resource: ${arn}`;
    throw new AwsError("AccessDenied", what);
  }
  const credentials = principals.openSession(role, session, {
    lifetimeMs: Number(DurationSeconds ?? 3600) * 1000,
    ...(policy === undefined ? {} : { policy }),
  });
  return stsReply("AssumeRole", {
    AssumedRoleUser: { Arn: credentials.session.arn, AssumedRoleId: credentials.session.userId },
    Credentials: {
      AccessKeyId: credentials.accessKeyId,
      SecretAccessKey: credentials.secretAccessKey,
      SessionToken: credentials.token,
      Expiration: credentials.expiration.toISOString(),
    },
  });
}

function stsReply(action: string, result: XmlElement): Reply {
  const body = renderXml({
    [`${action}Result`]: result,
    ResponseMetadata: { RequestId: randomUUID() },
  });
  const namespace = "https://sts.amazonaws.com/doc/2011-06-15/";
  return xmlReply(`<${action}Response xmlns="${namespace}">${body}</${action}Response>`);
}
