import { resourceRule } from "../../lib/rule";
import { filesOf, userDataOf, userDataTypes } from "../../lib/user-data";

/** What a secret looks like, and what people call it. The finding never repeats it. */
const secrets: readonly (readonly [RegExp, string])[] = [
  [/\b(AKIA|ASIA)[A-Z0-9]{16}\b/, "an AWS access key id"],
  [/-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/, "a private key"],
  [/\bgh[pousr]_[A-Za-z0-9]{36}/, "a GitHub token"],
  [/\bxox[abprs]-[A-Za-z0-9-]{10,}/, "a Slack token"],
  [/\bpul-[0-9a-f]{40}\b/, "a Pulumi access token"],
  [/\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\./, "a signed token (JWT)"],
  [/[a-z][a-z0-9+.-]*:\/\/[^\s/:@$]+:[^\s/:@$]{3,}@[^\s/]/i, "a URL with a password"],
];

/** NAME=VALUE or name: value, where the name says secret and the value is written out. */
const assignment =
  /\b([A-Za-z0-9_.-]*(?:passw(?:or)?d|passphrase|secret|api_?key|access_?key|auth_?token|private_?key))["']?\s*[:=]\s*["']?([^\s"',;}]+)/gi;

export const noSecretsInUserData = resourceRule({
  name: "no-secrets-in-user-data",
  description: "User data holds nothing that looks like a secret.",
  why: "everyone who may describe the instance, and every process on it, can read user data",
  level: "mandatory",
  source: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html",
  types: userDataTypes,
  check: (resource) => {
    const parts = [userDataOf(resource) ?? "", ...filesOf(resource).map((file) => file.text)];
    return [...new Set(parts.flatMap(secretsIn))].map((what) => ({
      resource,
      found: `has what looks like ${what} in its user data`,
      remedy: "keep it in Secrets Manager or a SecureString parameter, and let the instance's role read it",
    }));
  },
});

function secretsIn(text: string): string[] {
  const known = secrets.flatMap(([pattern, what]) => (pattern.test(text) ? [what] : []));
  const assigned = [...text.matchAll(assignment)].flatMap(([, name = "", value = ""]) =>
    isLiteral(value) ? [`a value for ${name}`] : [],
  );
  return [...known, ...assigned];
}

/** Variables, templates, paths, ARNs and words of policy are references to a secret, or talk about one. */
function isLiteral(value: string): boolean {
  if (value.length < 6) return false;
  return !/^([$<{%(`*/~.]|arn:|ssm:|secretsmanager|file:|(?:required|optional|disabled|enabled|prompt|example|changeme|yes|true|false|none|null)\b)/i.test(
    value,
  );
}
