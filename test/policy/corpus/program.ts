/** A program of the corpus as the engine runs it: each resource by its type and properties, whichever they are. */
import { version } from "@pulumi/aws/package.json";
import * as pulumi from "@pulumi/pulumi";
import { type Given, Reference, Text } from "../_judge";
import { mistakeVariable } from "../mutants/_names";
import { programs } from "./_programs";

const name = process.env[mistakeVariable] ?? "";
const program = programs[name];
if (program === undefined) throw new Error(`There is no program ${JSON.stringify(name)}`);
const listed = program.resources;

class Raw extends pulumi.CustomResource {}

/** Attributes of a resource that others use; the SDK makes outputs of what is among the properties. */
function attributes(value: unknown, of: Given): string[] {
  if (value instanceof Reference) return value.target === of ? [value.attribute] : [];
  if (value instanceof Text) return value.parts.flatMap((part) => attributes(part, of));
  if (value === null || typeof value !== "object") return [];
  return Object.values(value).flatMap((inner) => attributes(inner, of));
}

const made = new Map<Given, Raw>();

/** Makes a resource after what it is made from, in whichever order they are listed. */
function make(resource: Given): Raw {
  const before = made.get(resource);
  if (before !== undefined) return before;
  const used = listed.flatMap((other) => attributes(other.props, resource)).filter((key) => key !== "id");
  const outputs = Object.fromEntries(used.map((key) => [key, undefined]));
  const props = resolved(resource.props) as pulumi.Inputs;
  const raw = new Raw(
    resource.type,
    resource.name,
    { ...outputs, ...props },
    { protect: resource.protect, version },
  );
  made.set(resource, raw);
  return raw;
}

function resolved(value: unknown): pulumi.Input<unknown> {
  if (value instanceof Reference) {
    return (make(value.target) as unknown as Record<string, pulumi.Output<unknown>>)[value.attribute];
  }
  if (value instanceof Text) return pulumi.concat(...(value.parts.map(resolved) as pulumi.Input<string>[]));
  if (Array.isArray(value)) return value.map(resolved);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolved(inner)]));
}

for (const resource of listed) make(resource);
