import { type Context } from "../frame/definition";
import { type Values } from "../frame/values";
import { type Callers } from "./sdk";

/** What the handlers of AWS types work with. */
export interface AwsContext extends Context, Callers {
  readonly region: string;
  readonly partition: string;
  /** Tags of the provider's `defaultTags`, on every resource that has tags. */
  readonly defaultTags: Readonly<Record<string, string>>;
  readonly ignoreTags: { readonly keys: readonly string[]; readonly keyPrefixes: readonly string[] };
  /** The account the credentials belong to; asked once. */
  account(): Promise<string>;
}

/** https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html */
export function partitionOf(region: string): { id: string; dnsSuffix: string; reverseDnsPrefix: string } {
  if (region.startsWith("cn-"))
    return { id: "aws-cn", dnsSuffix: "amazonaws.com.cn", reverseDnsPrefix: "cn.com.amazonaws" };
  const id = region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
  return { id, dnsSuffix: "amazonaws.com", reverseDnsPrefix: "com.amazonaws" };
}

/** The cloud must have sent this; if not, the message says what was missing from which answer. */
export function need<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) {
    throw new Error(
      `AWS answered without ${what}. If this is the offline cloud, its gateway has to be completed.`,
    );
  }
  return value;
}

export const textOf = (values: Values, property: string): string => {
  const value = values[property];
  return typeof value === "string" ? value : "";
};
