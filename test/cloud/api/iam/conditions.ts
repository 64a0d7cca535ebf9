import { Address4, Address6 } from "ip-address";
import { AwsError } from "../gateway/errors";
import { type Context, matches, matchesArn, substituted } from "./patterns";

/** What a condition operator says about one value of the request and one of the policy. */
type Test = (actual: string, wanted: string, pattern: string) => boolean;

const lower =
  (test: Test): Test =>
  (actual, wanted, pattern) =>
    test(actual.toLowerCase(), wanted.toLowerCase(), pattern.toLowerCase());
const compared = (read: (text: string) => number, by: (a: number, b: number) => boolean): Test => {
  return (actual, wanted) => by(read(actual), read(wanted));
};
const equal: Test = (actual, wanted) => actual === wanted;
const like: Test = (actual, _wanted, pattern) => matches(pattern, actual);
const date = (text: string): number => (/^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text));

const orders = {
  Equals: (a: number, b: number) => a === b,
  LessThan: (a: number, b: number) => a < b,
  LessThanEquals: (a: number, b: number) => a <= b,
  GreaterThan: (a: number, b: number) => a > b,
  GreaterThanEquals: (a: number, b: number) => a >= b,
};

/** Both of ARNs' operators know wildcards (IAM User Guide, "ARN condition operators"). */
const arn: Test = (actual, _wanted, pattern) => matchesArn(pattern, actual);

function addressIn(actual: string, range: string): boolean {
  const read = range.includes(":") ? Address6 : Address4;
  return read.isValid(actual) && read.isValid(range) && new read(actual).isInSubnet(new read(range));
}

/** IAM JSON policy elements, "Condition operators". Those with `Not` are the others turned round. */
const OPERATORS: Readonly<Record<string, Test>> = {
  StringEquals: equal,
  StringEqualsIgnoreCase: lower(equal),
  StringLike: like,
  ArnEquals: arn,
  ArnLike: arn,
  Bool: lower(equal),
  IpAddress: addressIn,
  ...Object.fromEntries(Object.entries(orders).map(([name, by]) => [`Numeric${name}`, compared(Number, by)])),
  ...Object.fromEntries(Object.entries(orders).map(([name, by]) => [`Date${name}`, compared(date, by)])),
};
const NEGATED: Readonly<Record<string, string>> = {
  StringNotEquals: "StringEquals",
  StringNotEqualsIgnoreCase: "StringEqualsIgnoreCase",
  StringNotLike: "StringLike",
  ArnNotEquals: "ArnEquals",
  ArnNotLike: "ArnLike",
  NotIpAddress: "IpAddress",
  NumericNotEquals: "NumericEquals",
  DateNotEquals: "DateEquals",
};

/**
 * Whether a request's context meets one operator's line of a policy, e.g. `StringEquals`, `aws:RequestTag/Lab`, `["one"]`.
 * @param versioned whether the policy is of a version that knows variables
 * @throws AwsError if there is no such operator
 */
export function meets(
  operator: string,
  key: string,
  wanted: readonly string[],
  context: Context,
  versioned: boolean,
): boolean {
  const [, set, name = "", ifExists] =
    /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  const actual = context.get(key.toLowerCase());
  if (name === "Null") return wanted.some((one) => (one.toLowerCase() === "true") === (actual === undefined));
  const positive = NEGATED[name];
  const test = OPERATORS[positive ?? name];
  if (test === undefined)
    throw new AwsError("InternalError", `The offline cloud cannot judge the condition operator ${operator}.`);
  if (actual === undefined || actual.length === 0) {
    // Nothing is unlike everything; and of no value at all, all meet whatever is asked.
    return ifExists !== undefined || set === "ForAllValues" || (set === undefined && positive !== undefined);
  }
  const texts = wanted.map((one) => substituted(one, context, versioned));
  // Nothing can be said to be unlike a value that is not there.
  if (positive !== undefined && texts.includes(undefined)) return false;
  const isWanted = (value: string): boolean =>
    texts.some((text) => text !== undefined && test(value, text.plain, text.pattern));
  const holds = (value: string): boolean => isWanted(value) === (positive === undefined);
  return set === "ForAnyValue" ? actual.some(holds) : actual.every(holds);
}
