import { resourceRule } from "../../lib/rule";
import { secretsIn } from "../../lib/secrets";
import { userDataOf, userDataTypes } from "../../lib/user-data";

export const noSecretsInUserData = resourceRule({
  name: "no-secrets-in-user-data",
  description: "User data holds nothing that looks like a secret.",
  why: "everyone who may describe the instance, and every process on it, can read user data",
  level: "mandatory",
  source: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html",
  types: userDataTypes,
  check: (resource) => {
    const { texts, files } = userDataOf(resource);
    // What a file is called says what is in it. The finding never repeats what it found.
    const written = files.map(({ path, text }) => `# ${path}\n${text}`);
    return secretsIn([...texts, ...written]).map((what) => ({
      resource,
      found: `has what looks like ${what} in its user data`,
      remedy: "keep it in Secrets Manager or a SecureString parameter, and let the instance's role read it",
    }));
  },
});
