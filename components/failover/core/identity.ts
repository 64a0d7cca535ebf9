/**
 * As whom the moves act: by the rules of the AWS plugin, so that one update is one identity. The plugin's SDK (Go) takes
 * a profile of the stack first, then keys of the environment, then the environment's profile; the SDK for JavaScript by
 * itself would take AWS_PROFILE before the keys.
 * Source: aws-sdk-go-v2, config/resolve_credentials.go and config/env_config.go.
 */
import { profileSettings, type ProfileSettings } from "./profiles";

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface Identity {
  /** Keys of the environment. */
  readonly keys?: Keys;
  /** Profile of the AWS configuration; goes into the commands that are printed for people, too. */
  readonly profile?: string;
  /** Whether the stack names the profile: then nothing in the environment counts. */
  readonly isOfStack?: true;
}

type Environment = Readonly<Record<string, string | undefined>>;

const first = (environment: Environment, ...names: string[]): string | undefined =>
  names.map((name) => environment[name]).find((value) => value !== undefined && value !== "");

/** @param chosen the stack's `aws:profile` */
export function identityOf(chosen: string | undefined, environment: Environment): Identity {
  if (chosen !== undefined && chosen !== "") return { profile: chosen, isOfStack: true };
  const accessKeyId = first(environment, "AWS_ACCESS_KEY_ID", "AWS_ACCESS_KEY");
  const secretAccessKey = first(environment, "AWS_SECRET_ACCESS_KEY", "AWS_SECRET_KEY");
  if (accessKeyId !== undefined && secretAccessKey !== undefined) {
    const sessionToken = first(environment, "AWS_SESSION_TOKEN");
    return {
      keys: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
    };
  }
  const profile = first(environment, "AWS_PROFILE", "AWS_DEFAULT_PROFILE");
  return profile === undefined ? {} : { profile };
}

/** What the SDK threw because it had no credentials, as somebody can act on it. Still `denied` to `kindOf`. */
export class NoCredentials extends Error {
  override readonly name = "CredentialsProviderError";
}

/**
 * Refuses a profile that isn't there. The SDK would look on, and might act as the role of the machine that it runs on.
 * @throws NoCredentials
 */
export function checkProfile({ profile, keys, isOfStack }: Identity, environment: Environment): void {
  const token = "AWS_WEB_IDENTITY_TOKEN_FILE";
  // The plugin's SDK takes a web identity before a profile of the environment or the default one; this SDK after it.
  const isSplit = keys === undefined && isOfStack === undefined && first(environment, token) !== undefined;
  if (isSplit && profileSettings(profile ?? "default", environment).settings !== undefined)
    throw new NoCredentials(
      `the AWS plugin would act by ${token}, and the moves as profile ${profile ?? "default"}. ` +
        `To act as the profile, unset ${token}. To act as the web identity, unset AWS_PROFILE and let AWS_CONFIG_FILE and ` +
        "AWS_SHARED_CREDENTIALS_FILE name files without a default profile. Or set aws:profile of the stack",
    );
  if (profile === undefined) return;
  const { settings, files } = profileSettings(profile, environment);
  if (settings !== undefined) return;
  throw new NoCredentials(
    `there is no AWS profile ${profile} in ${files.join(" and ")}. ` +
      `List profiles with: aws configure list-profiles. Then set aws:profile (or AWS_PROFILE) to one of them`,
  );
}

const credentialErrors = new Set(["CredentialsProviderError", "TokenProviderError", "ProviderError"]);

/** Names the profile and what to do in an error of the SDK's search for credentials; leaves other errors as they are. */
export function explained(error: unknown, { profile }: Identity, environment: Environment): unknown {
  if (!(error instanceof Error) || error instanceof NoCredentials || !credentialErrors.has(error.name))
    return error;
  if (profile === undefined) {
    const remedy =
      "Set aws:profile of the stack (or AWS_PROFILE) to a profile, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
    return new NoCredentials(`there are no AWS credentials (${error.message}). ${remedy}`, { cause: error });
  }
  const { settings = {} } = profileSettings(profile, environment);
  const text = `AWS profile ${profile} gives no credentials (${error.message}). ${remedyFor(profile, settings)}`;
  return new NoCredentials(text, { cause: error });
}

function remedyFor(profile: string, settings: ProfileSettings): string {
  const { credential_process: program, sso_session: session, sso_start_url: start } = settings;
  if (program !== undefined) return `Run its credential_process to see why: ${program}`;
  if (session !== undefined || start !== undefined) return `Sign in anew: aws sso login --profile ${profile}`;
  if (settings.login_session !== undefined) return `Sign in anew: aws login --profile ${profile}`;
  return `See what is wrong with it: aws sts get-caller-identity --profile ${profile}`;
}

/** Whether the profile says by itself where its credentials come from; else they are those of the machine. */
export function hasOwnCredentials({ profile }: Identity, environment: Environment): boolean {
  if (profile === undefined) return false;
  const { settings = {} } = profileSettings(profile, environment);
  return Object.keys(settings).some((key) => ownCredentials.test(key));
}

const ownCredentials =
  /^(aws_access_key_id|credential_process|role_arn|sso_session|sso_start_url|login_session|web_identity_token_file)$/;
