import type { Call } from "../gateway/call";
import { AwsError } from "../gateway/errors";
import type { Input, Violation } from "./input";

/**
 * Refuses what the service's model rules out: what is missing, of another type, none of the possible values, too
 * short, too long, too small or too large.
 *
 * @throws AwsError in the service's own words
 */
export function checkLimits(call: Call, input: Input): void {
  const [first] = input.violations;
  if (first === undefined) return;
  switch (call.protocol) {
    case "ec2":
      throw ofEc2(first);
    case "rest-xml":
      throw ofRoute53(input.violations);
    default:
      throw ofCoral(call, input.violations);
  }
}

function lowerFirst(name: string): string {
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}

function ofEc2({ constraint, wire, value, shape }: Violation): AwsError {
  const name = lowerFirst(wire);
  if (constraint === "required") {
    return new AwsError("MissingParameter", `The request must contain the parameter ${name}`);
  }
  const invalid = (why: string): AwsError =>
    new AwsError(
      "InvalidParameterValue",
      `Value ( ${value} ) for parameter ${name} is invalid. ${why}`.trim(),
    );
  const bounds = [
    ...(shape.min === undefined ? [] : [`greater than or equal to ${shape.min}`]),
    ...(shape.max === undefined ? [] : [`less than or equal to ${shape.max}`]),
  ].join(" and ");
  switch (constraint) {
    case "min":
    case "max":
      return invalid(`Expecting a value ${bounds}.`);
    case "minLength":
    case "maxLength":
      return invalid(`Expecting a length ${bounds}.`);
    case "type":
      return invalid(`Expecting ${shape.type === "boolean" ? "true or false" : "a whole number"}.`);
    case "enum":
      if (wire.endsWith("InstanceType") || wire === "InstanceType.Value") {
        return new AwsError("InvalidParameterValue", `Invalid value '${value}' for InstanceType.`);
      }
      return invalid(`Expecting one of ${(shape.enum ?? []).join(", ")}.`);
    default:
      return invalid("");
  }
}

/** Services that are built with Coral word it alike: IAM, STS, SSM, Resolver. */
function ofCoral(call: Call, violations: readonly Violation[]): AwsError {
  const json = call.protocol === "json";
  const mistyped = violations.find(({ constraint }) => constraint === "type");
  if (mistyped !== undefined) {
    const what = `${mistyped.value} can not be converted to ${mistyped.shape.type} at ${lowerFirst(mistyped.path)}`;
    return new AwsError(json ? "SerializationException" : "MalformedInput", what);
  }
  return new AwsError(json ? "ValidationException" : "ValidationError", coralMessage(violations));
}

function coralMessage(violations: readonly Violation[]): string {
  const count = violations.length === 1 ? "1 validation error" : `${violations.length} validation errors`;
  return `${count} detected: ${violations.map(coralWords).join("; ")}`;
}

function coralWords({ constraint, path, value, shape }: Violation): string {
  const shown = constraint === "required" ? "null" : `'${value}'`;
  const place = path.split(".").map(lowerFirst).join(".");
  return `Value ${shown} at '${place}' failed to satisfy constraint: ${mustBe(constraint, shape)}`;
}

function mustBe(constraint: Violation["constraint"], shape: Violation["shape"]): string {
  switch (constraint) {
    case "required":
      return "Member must not be null";
    case "enum":
      return `Member must satisfy enum value set: [${(shape.enum ?? []).join(", ")}]`;
    case "pattern":
      return `Member must satisfy regular expression pattern: ${shape.pattern ?? ""}`;
    case "min":
      return `Member must have value greater than or equal to ${shape.min ?? 0}`;
    case "max":
      return `Member must have value less than or equal to ${shape.max ?? 0}`;
    case "minLength":
      return `Member must have length greater than or equal to ${shape.min ?? 0}`;
    case "maxLength":
      return `Member must have length less than or equal to ${shape.max ?? 0}`;
    default:
      return `Member must be ${shape.type}`;
  }
}

/** Route 53 checks bodies by their XML schema, and says what its parser said. */
function ofRoute53(violations: readonly Violation[]): AwsError {
  const [first] = violations;
  if (first === undefined || !first.path.includes(".")) {
    return new AwsError("InvalidInput", coralMessage(violations));
  }
  return new AwsError("InvalidInput", `Invalid XML ; ${schemaWords(first)}`);
}

function schemaWords({ constraint, path, value, shape }: Violation): string {
  const facet = (name: string, limit: number): string =>
    `cvc-${name}-valid: Value '${value}' with length = '${value.length}' is not facet-valid with respect to ` +
    `${name} '${limit}' for type '${path.split(".").pop() ?? path}'.`;
  switch (constraint) {
    case "required":
      return `cvc-complex-type.2.4.b: The content is not complete. '${path}' is expected.`;
    case "enum":
      return (
        `cvc-enumeration-valid: Value '${value}' is not facet-valid with respect to enumeration ` +
        `'[${(shape.enum ?? []).join(", ")}]'. It must be a value from the enumeration.`
      );
    case "minLength":
      return facet("minLength", shape.min ?? 0);
    case "maxLength":
      return facet("maxLength", shape.max ?? 0);
    default:
      return `cvc-datatype-valid.1.2.1: '${value}' is not a valid value for '${path}'.`;
  }
}
