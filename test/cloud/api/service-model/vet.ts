import type { Call } from "../gateway/call";
import { AwsError, notImplemented } from "../gateway/errors";
import { PARAMETERS } from "../parameters";
import type { Declared } from "../parameters/declaration";
import type { Given, Input } from "./input";

/**
 * Refuses parameters that nobody compared with AWS: faithful or loud, down to single parameters.
 *
 * @throws AwsError that names the action and the parameter
 */
export function refuseUndeclared(call: Call, input: Input): void {
  const [unknown] = input.unknown;
  if (unknown !== undefined) throw unknownParameter(call, unknown);
  const declared: Declared = PARAMETERS.get(`${call.service}:${call.action}`) ?? new Map<string, undefined>();
  for (const one of input.given) {
    if (isDeclared(declared, one)) {
      const values = declared.get(one.path);
      if (values === undefined || values.includes(one.value)) continue;
      // What is no value at all is an error of AWS's.
      if (input.violations.some(({ wire }) => wire === one.wire)) continue;
      throw otherValue(call, one, values);
    }
    throw notImplemented(
      `${possessive(call.action)} parameter ${named(one)}`,
      "Leave it out, or compare it with AWS and declare it in test/cloud/api/parameters, with a test.",
    );
  }
}

/** An empty structure or list is declared if anything in it is. */
function isDeclared(declared: Declared, { path, value }: Given): boolean {
  if (declared.has(path)) return true;
  return value === "" && [...declared.keys()].some((one) => one.startsWith(`${path}.`));
}

/** What SDKs call it and, where that is something else, what the request does. */
function named({ path, wire }: Given): string {
  return path === wire ? path : `${path} (${wire})`;
}

function possessive(action: string): string {
  return action.endsWith("s") ? `${action}'` : `${action}'s`;
}

function otherValue(call: Call, one: Given, values: readonly string[]): AwsError {
  if (one.path === "TagSpecifications.ResourceType" && values.length === 1) {
    return new AwsError(
      "InvalidParameterValue",
      `'${one.value}' is not a valid taggable resource type for this operation.`,
    );
  }
  return notImplemented(
    `${possessive(call.action)} parameter ${named(one)} with the value "${one.value}"`,
    `It has: ${values.join(", ")}.`,
  );
}

/** AWS's model has no such parameter. EC2 and Route 53 refuse it, the others would take no notice. */
function unknownParameter(call: Call, name: string): AwsError {
  if (call.protocol === "ec2") {
    return new AwsError("UnknownParameter", `The parameter ${name} is not recognized`);
  }
  if (call.protocol === "rest-xml") {
    const element = name.split(".").pop() ?? name;
    return new AwsError(
      "InvalidInput",
      "Invalid XML ; cvc-complex-type.2.4.a: Invalid content was found starting with element " +
        `'${element}' (${name}).`,
    );
  }
  return notImplemented(
    `${possessive(call.action)} parameter ${name}, which AWS's own model does not have either`,
    "Leave it out.",
  );
}
