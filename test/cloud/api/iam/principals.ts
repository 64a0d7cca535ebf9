import { randomBytes } from "node:crypto";
import { ACCOUNT_ID, LAB_CREDENTIALS, type ImdsCredentials } from "../admin/types";
import type { Call } from "../gateway/call";
import { AwsError } from "../gateway/errors";

/** Who calls. */
export type Principal =
  | { kind: "administrator"; arn: string; userId: string }
  | { kind: "user"; name: string; arn: string; userId: string }
  | RoleSession;

export interface RoleSession {
  kind: "role";
  roleName: string;
  roleArn: string;
  /** `arn:…:sts::…:assumed-role/<role>/<session>` */
  arn: string;
  userId: string;
  token: string;
  expiration: Date;
  sessionPolicy?: string;
}

const ADMINISTRATOR = "lab-administrator";
const LIFETIME_MS = 6 * 60 * 60 * 1000;

/** The access keys that are valid, and whose they are. */
export class Principals {
  private byKey = new Map<string, Principal>();

  /** Forgets every key but the lab's. */
  reset(): void {
    this.byKey = new Map();
  }

  /** @throws AwsError as the service words it if the key or the session token is not valid */
  of(call: Call): Principal {
    if (call.accessKey === LAB_CREDENTIALS.accessKeyId) {
      const arn = `arn:${call.partition}:iam::${ACCOUNT_ID}:user/${ADMINISTRATOR}`;
      return { kind: "administrator", arn, userId: "AIDAFAILOVERLAB00000" };
    }
    const found = this.byKey.get(call.accessKey ?? "");
    if (found === undefined) throw notValid(call);
    if (found.kind === "role") {
      if (found.token !== call.headers["x-amz-security-token"]) throw notValid(call);
      if (found.expiration.getTime() < Date.now()) throw expired(call);
    }
    return found;
  }

  addUser(accessKey: string, name: string, arn: string, userId: string): void {
    this.byKey.set(accessKey, { kind: "user", name, arn, userId });
  }

  remove(accessKey: string): void {
    this.byKey.delete(accessKey);
  }

  removeUser(name: string): void {
    for (const [key, principal] of this.byKey) {
      if (principal.kind === "user" && principal.name === name) this.byKey.delete(key);
    }
  }

  /** New credentials for a session of a role. */
  openSession(role: RoleIdentity, sessionName: string, options: SessionOptions = {}): SessionCredentials {
    const accessKeyId = `ASIA${randomBytes(8).toString("hex").toUpperCase()}`;
    const secretAccessKey = randomBytes(30).toString("base64");
    const token = randomBytes(96).toString("base64");
    const expiration = new Date(Date.now() + (options.lifetimeMs ?? LIFETIME_MS));
    const arn = `${role.arn.replace(":iam:", ":sts:").replace(/:role\/.*$/, "")}:assumed-role/${role.name}/${sessionName}`;
    const session: RoleSession = {
      ...{ kind: "role", roleName: role.name, roleArn: role.arn, arn, userId: `${role.id}:${sessionName}` },
      ...{ token, expiration },
      ...(options.policy === undefined ? {} : { sessionPolicy: options.policy }),
    };
    this.byKey.set(accessKeyId, session);
    return { accessKeyId, secretAccessKey, token, expiration, session };
  }
}

export interface RoleIdentity {
  name: string;
  arn: string;
  id: string;
}

export interface SessionOptions {
  lifetimeMs?: number;
  policy?: string;
}

export interface SessionCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  token: string;
  expiration: Date;
  session: RoleSession;
}

/** The credentials in the format of the instance metadata service. */
export function asImds(credentials: SessionCredentials): ImdsCredentials {
  const seconds = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, "Z");
  return {
    Code: "Success",
    LastUpdated: seconds(new Date()),
    Type: "AWS-HMAC",
    AccessKeyId: credentials.accessKeyId,
    SecretAccessKey: credentials.secretAccessKey,
    Token: credentials.token,
    Expiration: seconds(credentials.expiration),
  };
}

function notValid(call: Call): AwsError {
  if (call.protocol === "ec2") {
    return new AwsError("AuthFailure", "AWS was not able to validate the provided access credentials");
  }
  const code = call.protocol === "json" ? "UnrecognizedClientException" : "InvalidClientTokenId";
  return new AwsError(code, "The security token included in the request is invalid.");
}

function expired(call: Call): AwsError {
  if (call.protocol === "ec2") return new AwsError("RequestExpired", "Request has expired.");
  const code = call.protocol === "json" ? "ExpiredTokenException" : "ExpiredToken";
  return new AwsError(code, "The security token included in the request is expired", 403);
}
