import { anything, type Fields, flag, list, number, text } from "../frame/fields";
import { isValues, type Values } from "../frame/values";
import { type Settings } from "./sdk";

/** The provider configuration that is honoured; anything else is refused by name. */
export const configFields: Fields = {
  region: text(),
  profile: text(),
  accessKey: text({ secret: true }),
  secretKey: text({ secret: true }),
  token: text({ secret: true }),
  defaultTags: anything(),
  ignoreTags: anything(),
  endpoints: anything(),
  allowedAccountIds: anything(),
  forbiddenAccountIds: anything(),
  maxRetries: number(),
  retryMode: text({ values: ["standard", "adaptive"] }),
  // These tell the official plugin not to ask services that an offline cloud may lack; the stand-in asks none of them.
  skipCredentialsValidation: flag(),
  skipMetadataApiCheck: flag(),
  skipRegionValidation: flag(),
  skipRequestingAccountId: flag(),
  s3UsePathStyle: flag(),
  sharedConfigFiles: list(text()),
  sharedCredentialsFiles: list(text()),
};

export interface Configured {
  readonly settings: Settings;
  readonly defaultTags: Readonly<Record<string, string>>;
  readonly ignoreTags: { readonly keys: readonly string[]; readonly keyPrefixes: readonly string[] };
  readonly allowedAccounts: readonly string[];
  readonly forbiddenAccounts: readonly string[];
}

/** From the stack's configuration and the environment, as the official plugin reads them. */
export function readConfig(config: Values, environment: NodeJS.ProcessEnv): Configured {
  const get = (name: string): string | undefined => {
    const value = config[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const region = get("region") ?? environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"];
  if (region === undefined || region === "") {
    throw new Error(
      "configuring provider aws: no region. Set it with `pulumi config set aws:region us-east-1`, or AWS_REGION.",
    );
  }
  const profile = get("profile") ?? environment["AWS_PROFILE"];
  const tags = structured(config, "defaultTags");
  const ignore = structured(config, "ignoreTags");
  return {
    settings: {
      region,
      endpoint: endpointOf(config, environment),
      credentials: credentialsOf(get, profile, environment),
      profile,
      maxAttempts: 1 + Number(config["maxRetries"] ?? 9),
      retryMode: get("retryMode") ?? "standard",
    },
    defaultTags: isValues(tags) && isValues(tags["tags"]) ? (tags["tags"] as Record<string, string>) : {},
    ignoreTags: {
      keys: strings(isValues(ignore) ? ignore["keys"] : []),
      keyPrefixes: strings(isValues(ignore) ? ignore["keyPrefixes"] : []),
    },
    allowedAccounts: strings(structured(config, "allowedAccountIds")),
    forbiddenAccounts: strings(structured(config, "forbiddenAccountIds")),
  };
}

/** What isn't a scalar reaches a provider as JSON text. */
function structured(config: Values, name: string): unknown {
  const value = config[name];
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch (error) {
    throw new Error(
      `configuring provider aws: aws:${name} isn't JSON. Correct it with \`pulumi config set --path\`.`,
      { cause: error },
    );
  }
}

const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

/** The stand-in never talks to AWS itself: a forgotten setting must not cost money. */
function endpointOf(config: Values, environment: NodeJS.ProcessEnv): string {
  const endpoints = structured(config, "endpoints");
  const first: unknown = Array.isArray(endpoints) ? endpoints[0] : endpoints;
  const configured = isValues(first)
    ? Object.values(first).find((url) => typeof url === "string" && url !== "")
    : undefined;
  const url = typeof configured === "string" ? configured : environment["AWS_ENDPOINT_URL"];
  if (url === undefined || url === "") {
    throw new Error(
      "configuring provider aws: this is the offline cloud's stand-in, and AWS_ENDPOINT_URL doesn't name an offline cloud. " +
        'Start one with `npm run lab` and take its environment with `eval "$(npm run -s lab:env)"`; for an AWS account use the official plugin.',
    );
  }
  return url;
}

function credentialsOf(
  get: (name: string) => string | undefined,
  profile: string | undefined,
  environment: NodeJS.ProcessEnv,
): Settings["credentials"] {
  const pairs = [
    [get("accessKey"), get("secretKey"), get("token")],
    // A profile goes before the environment only if it was asked for in the configuration.
    get("profile") === undefined
      ? [
          environment["AWS_ACCESS_KEY_ID"],
          environment["AWS_SECRET_ACCESS_KEY"],
          environment["AWS_SESSION_TOKEN"],
        ]
      : [],
  ];
  for (const [accessKeyId, secretAccessKey, sessionToken] of pairs) {
    if (accessKeyId && secretAccessKey)
      return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
  }
  if (profile !== undefined) return undefined;
  throw new Error(
    'configuring provider aws: no credentials. Take the offline cloud\'s with `eval "$(npm run -s lab:env)"`, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or aws:profile.',
  );
}
