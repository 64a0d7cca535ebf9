import * as pulumi from "@pulumi/pulumi";
import { secretMark } from "./order";

/** A value of the state with its secrets as secrets again, wherever they are in it. */
export function revived(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revived);
  if (typeof value !== "object" || value === null) return value;
  const fields: Readonly<Record<string, unknown>> = { ...value };
  if (fields[secretMark.key] === secretMark.value)
    return pulumi.secret(revived(JSON.parse(String(fields.plaintext))));
  return Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, revived(field)]));
}
