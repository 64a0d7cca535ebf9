import type { Call } from "../gateway/call";
import type { Protocol } from "../gateway/protocol";
import type { Member, ServiceModel, Shape } from "./types";

/** One parameter that the call has: a value, or a structure or list without content. */
export interface Given {
  /** Where the model has it, without places in lists: `Filters.Values`. */
  readonly path: string;
  /** What the request calls it: `Filter.1.Value.2`. */
  readonly wire: string;
  readonly value: string;
  readonly shape: Shape;
}

export type Constraint = "required" | "type" | "enum" | "pattern" | "min" | "max" | "minLength" | "maxLength";

/** What the model says that a parameter must be, and it isn't. */
export interface Violation extends Given {
  readonly constraint: Constraint;
}

/** The parameters of a call, read by the service's model. */
export interface Input {
  readonly given: readonly Given[];
  /** Names of parameters that the model has not. */
  readonly unknown: readonly string[];
  readonly violations: readonly Violation[];
}

/** Reads a call's parameters. @throws Error if the model has no such action */
export function readInput(model: ServiceModel, call: Call): Input {
  const operation = model.operations[call.action];
  if (operation === undefined) throw new Error(`botocore's model of ${call.service} has no ${call.action}`);
  const reader = new Reader(model, call.protocol);
  const shape = operation.input === undefined ? { type: "structure" } : model.shapes[operation.input];
  if (shape !== undefined) reader.structure(shape, topOf(call, shape), { path: "", wire: "" });
  return reader;
}

type Tree = Readonly<Record<string, unknown>>;

function topOf(call: Call, shape: Shape): Tree {
  switch (call.protocol) {
    case "json":
      return isTree(call.input) ? call.input : {};
    case "rest-xml": {
      const query = [...new URL(call.path, "http://localhost").searchParams].filter(
        ([name]) => name !== "x-id",
      );
      const path = Object.entries(shape.members ?? {})
        .filter(([, { location }]) => location === "uri")
        .map(([name, { locationName }]) => [locationName ?? name, call.params[name]]);
      const body = isTree(call.input) ? call.input : {};
      return { ...body, ...Object.fromEntries(query), ...(Object.fromEntries(path) as Tree) };
    }
    default:
      return nested(call.params);
  }
}

/** `A.1.B` as `{A: {1: {B: …}}}`. */
function nested(params: Readonly<Record<string, string>>): Tree {
  const top: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(params)) {
    const steps = name.split(".");
    const last = steps.pop() ?? name;
    let place = top;
    for (const step of steps) {
      const next = place[step];
      const below: Record<string, unknown> = isTree(next) ? next : {};
      place[step] = below;
      place = below;
    }
    if (!isTree(place[last])) place[last] = value;
  }
  return top;
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

interface Place {
  readonly path: string;
  readonly wire: string;
}

class Reader implements Input {
  readonly given: Given[] = [];
  readonly unknown: string[] = [];
  readonly violations: Violation[] = [];

  constructor(
    private readonly model: ServiceModel,
    private readonly protocol: Protocol,
  ) {}

  structure(shape: Shape, node: unknown, place: Place): void {
    const tree = isTree(node) ? node : {};
    const members = new Map(
      Object.entries(shape.members ?? {}).map(([name, member]) => [
        this.wireName(name, member),
        { name, member },
      ]),
    );
    for (const name of shape.required ?? []) {
      const member = shape.members?.[name];
      const wire = member === undefined ? name : this.wireName(name, member);
      const value = tree[wire];
      if (value !== undefined && value !== null && (value !== "" || this.protocol === "json")) continue;
      const at = { path: joined(place.path, name), wire: joined(place.wire, wire) };
      this.violations.push({ ...at, value: "", shape: this.shapeOf(member), constraint: "required" });
    }
    for (const [wire, value] of Object.entries(tree)) {
      const found = members.get(wire);
      const at = joined(place.wire, wire);
      if (found === undefined) this.unknown.push(at);
      else if (value !== null && value !== undefined) {
        this.walk(found.member, value, { path: joined(place.path, found.name), wire: at });
      }
    }
    if (Object.keys(tree).length === 0 && place.path !== "") this.given.push({ ...place, value: "", shape });
  }

  private walk(member: Member, node: unknown, place: Place): void {
    const shape = this.shapeOf(member);
    if (shape.type === "structure") this.structure(shape, node, place);
    else if (shape.type === "list") this.list(shape, node, place);
    else this.scalar(shape, node, place);
  }

  private list(shape: Shape, node: unknown, place: Place): void {
    const items = this.itemsOf(shape, node, place.wire);
    if (items.length === 0) this.given.push({ ...place, value: "", shape });
    for (const [wire, item] of items) {
      if (shape.member !== undefined) this.walk(shape.member, item, { path: place.path, wire });
    }
    this.size(shape, items.length, {
      ...place,
      value: `[${items.map(([, item]) => String(item)).join(", ")}]`,
    });
  }

  private itemsOf(shape: Shape, node: unknown, wire: string): [wire: string, item: unknown][] {
    if (Array.isArray(node)) return node.map((item, index) => [`${wire}.${index + 1}`, item]);
    if (!isTree(node)) return [];
    if (this.protocol === "rest-xml") {
      const inner = shape.flattened === true ? node : node[shape.member?.locationName ?? "member"];
      return [inner ?? []].flat().map((item, index): [string, unknown] => [`${wire}.${index + 1}`, item]);
    }
    const named = this.protocol === "query" && shape.flattened !== true;
    const step = shape.member?.locationName ?? "member";
    const numbered = named ? node[step] : node;
    const prefix = named ? `${wire}.${step}` : wire;
    const other = Object.keys(isTree(numbered) ? numbered : {}).filter((key) => !/^\d+$/.test(key));
    this.unknown.push(...other.map((key) => `${prefix}.${key}`));
    if (named)
      this.unknown.push(
        ...Object.keys(node)
          .filter((key) => key !== step)
          .map((key) => `${wire}.${key}`),
      );
    return Object.entries(isTree(numbered) ? numbered : {})
      .filter(([key]) => /^\d+$/.test(key))
      .map(([key, item]) => [`${prefix}.${key}`, item]);
  }

  private scalar(shape: Shape, node: unknown, place: Place): void {
    if (typeof node === "object" && shape.type !== "map") {
      const inner = Object.keys(node ?? {})[0] ?? "";
      this.unknown.push(joined(place.wire, inner));
      return;
    }
    const value = typeof node === "object" ? JSON.stringify(node) : String(node);
    const one: Given = { ...place, value, shape };
    this.given.push(one);
    const broken = this.brokenBy(shape, node, value);
    if (broken !== undefined) this.violations.push({ ...one, constraint: broken });
    else if (shape.type === "string") this.size(shape, [...value].length, one);
  }

  private brokenBy(shape: Shape, node: unknown, value: string): Constraint | undefined {
    switch (shape.type) {
      case "integer":
      case "long":
        if (!/^-?\d+$/.test(value) || (this.protocol === "json" && typeof node !== "number")) return "type";
        if (shape.min !== undefined && Number(value) < shape.min) return "min";
        return shape.max !== undefined && Number(value) > shape.max ? "max" : undefined;
      case "boolean":
        if (this.protocol === "json" && typeof node !== "boolean") return "type";
        return /^(true|false)$/i.test(value) ? undefined : "type";
      case "string":
        if (this.protocol === "json" && typeof node !== "string") return "type";
        if (shape.enum !== undefined && !shape.enum.includes(value)) return "enum";
        return shape.pattern === undefined || matches(shape.pattern, value) ? undefined : "pattern";
      default:
        return undefined;
    }
  }

  private size(shape: Shape, size: number, one: Omit<Given, "shape">): void {
    if (shape.min !== undefined && size < shape.min) {
      this.violations.push({ ...one, shape, constraint: "minLength" });
    } else if (shape.max !== undefined && size > shape.max) {
      this.violations.push({ ...one, shape, constraint: "maxLength" });
    }
  }

  private shapeOf(member: Member | undefined): Shape {
    return this.model.shapes[member?.shape ?? ""] ?? { type: "string" };
  }

  /** botocore's serializers: the name that a member has in a request. */
  private wireName(name: string, { queryName, locationName }: Member): string {
    if (this.protocol !== "ec2") return locationName ?? name;
    if (queryName !== undefined) return queryName;
    return locationName === undefined
      ? name
      : `${locationName.charAt(0).toUpperCase()}${locationName.slice(1)}`;
  }
}

function joined(prefix: string, name: string): string {
  return prefix === "" ? name : `${prefix}.${name}`;
}

/** The patterns are Java's. JavaScript knows `\\p{L}` in its Unicode mode only, and needless escapes only out of it. */
function matches(pattern: string, value: string): boolean {
  return new RegExp(`^(?:${pattern})$`, pattern.includes("\\p{") ? "su" : "s").test(value);
}
