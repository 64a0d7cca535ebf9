/** What to do about an error of AWS's: one remedy for each kind, and one that works. */
import { credentialFault, type Kind, kindOf } from "./errors";

/** What the call was about, where it matters for the remedy. */
export interface Attempt {
  /** What has to be allowed, e.g. `ec2:DescribeVpcs`; with the resource, if not any. */
  readonly permission: string;
  /** What to do when what the call names doesn't exist. */
  readonly gone?: string;
  /** What to do when AWS refuses the call as it is. */
  readonly impossible?: string;
}

const others: Readonly<Record<Exclude<Kind, "denied">, string>> = {
  throttled: "wait a minute and try again: this account's calls of this kind are used up, by whomever",
  unsent: "check the network, the region and AWS_ENDPOINT_URL, and try again",
  unanswered: "try again; if it stays so, look at the AWS Health Dashboard",
  gone: "check the id, the region and the account",
  impossible: "remove what AWS names, and try again",
};

export function remedyFor(error: unknown, attempt: Attempt): string {
  const kind = kindOf(error);
  if (kind !== "denied") return attempt[kind as "gone" | "impossible"] ?? others[kind];
  switch (credentialFault(error)) {
    case "expired":
      return "get new credentials (aws sso login, or where they came from) and try again";
    case "missing":
      return "then try again";
    default:
      return `allow ${attempt.permission} for these credentials, or use others`;
  }
}
