import { type Problem } from "../components/network/problem.plan";

/**
 * The keys of the AWS plugin's configuration that an update may have: those that the moves honour as the plugin does,
 * and those that say nothing about who acts, and where. With any other one, plugin and moves might act as two
 * identities, or in two places; a key that a later version of the plugin brings is refused until somebody has looked.
 */
const honoured: readonly string[] = ["region", "profile"];
const withoutEffect: readonly string[] = [
  // What the plugin makes is tagged; the moves make nothing that could have a tag.
  "defaultTags",
  "ignoreTags",
  "tagPolicyCompliance",
  // They can only make the plugin refuse an account.
  "allowedAccountIds",
  "forbiddenAccountIds",
  // How patient the plugin is, and what it asks at its start.
  "maxRetries",
  "retryMode",
  "tokenBucketRateLimiterCapacity",
  "skipCredentialsValidation",
  "skipRegionValidation",
  "skipRequestingAccountId",
  "userAgents",
  // There is nothing in S3.
  "s3UsePathStyle",
  "s3UsEast1RegionalEndpoint",
];

const inProfile = "put it into a profile of ~/.aws/config and name that: pulumi config set aws:profile NAME";
const environment = (variable: string): string =>
  `remove it and set ${variable} in the environment, which all parties read`;
const removeProxy = "remove it: the failovers' calls do not go through a proxy";

/** What to do instead, by key. */
const remedies: Readonly<Record<string, string>> = {
  accessKey: inProfile,
  secretKey: inProfile,
  token: inProfile,
  assumeRoles: `${inProfile} (role_arn and source_profile)`,
  assumeRoleWithWebIdentity: `${inProfile} (role_arn and web_identity_token_file)`,
  sharedConfigFiles: environment("AWS_CONFIG_FILE"),
  sharedCredentialsFiles: environment("AWS_SHARED_CREDENTIALS_FILE"),
  skipMetadataApiCheck: environment("AWS_EC2_METADATA_DISABLED=true"),
  ec2MetadataServiceEndpoint: environment("AWS_EC2_METADATA_SERVICE_ENDPOINT"),
  ec2MetadataServiceEndpointMode: environment("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"),
  endpoints: environment("AWS_ENDPOINT_URL"),
  useFipsEndpoint: environment("AWS_USE_FIPS_ENDPOINT=true"),
  useDualstackEndpoint: environment("AWS_USE_DUALSTACK_ENDPOINT=true"),
  stsRegion: "remove it: the session comes from the profile's own region",
  httpProxy: removeProxy,
  httpsProxy: removeProxy,
  noProxy: removeProxy,
  insecure: "remove it: certificates are always checked",
  customCaBundle: "remove it and set AWS_CA_BUNDLE and NODE_EXTRA_CA_CERTS in the environment to that file",
};

/** @param keys of the stack's configuration, with their namespaces */
export function identityProblems(keys: readonly string[]): Problem[] {
  const own = keys.filter((key) => key.startsWith("aws:")).map((key) => key.slice("aws:".length));
  return own
    .filter((key) => !honoured.includes(key) && !withoutEffect.includes(key))
    .map((key) => ({
      key: `aws:${key}`,
      reason: "is honoured by the AWS plugin, but not by the failovers, which would act as somebody else",
      remedy: remedies[key] ?? `remove it: pulumi config rm aws:${key}`,
    }));
}
