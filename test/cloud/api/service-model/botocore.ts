import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { PROTOCOLS } from "../gateway/protocol";
import type { Member, Operation, Pages, ServiceModel, ServiceModels, Shape } from "./types";

/** To be raised whenever what is kept of botocore's models becomes more or something else. */
const FORMAT = 1;

/**
 * The service models that ship with botocore in the Python environment. Parsing them takes 0.3 s, so what the gateway
 * needs of them is kept beside the environment: that never changes, since another botocore is another environment.
 *
 * @param python the environment's interpreter
 * @throws if the environment has no botocore
 */
export function loadServiceModels(python: string): ServiceModels {
  const home = dirname(dirname(python));
  const kept = join(home, `service-models-${FORMAT}.json`);
  if (existsSync(kept)) return JSON.parse(readFileSync(kept, "utf8")) as ServiceModels;
  const data = dataFolder(home);
  const models = Object.fromEntries(
    Object.keys(PROTOCOLS).map((service) => [service, readModel(join(data, service))]),
  );
  const unfinished = `${kept}.${randomUUID()}`;
  writeFileSync(unfinished, JSON.stringify(models));
  renameSync(unfinished, kept);
  return models;
}

function dataFolder(home: string): string {
  const versions = existsSync(join(home, "lib")) ? readdirSync(join(home, "lib")) : [];
  const found = versions
    .map((version) => join(home, "lib", version, "site-packages", "botocore", "data"))
    .find((folder) => existsSync(folder));
  if (found === undefined) throw new Error(`Starting the fake AWS: ${home} has no botocore`);
  return found;
}

interface RawShape extends Shape {
  documentation?: string;
  members?: Record<string, RawMember>;
}

interface RawMember extends Member {
  documentation?: string;
}

interface RawModel {
  operations: Record<string, { input?: { shape: string } }>;
  shapes: Record<string, RawShape>;
}

interface RawPages {
  input_token: string | string[];
  output_token: string | string[];
  limit_key?: string;
  more_results?: string;
  result_key?: string | string[];
}

function readModel(folder: string): ServiceModel {
  const latest = join(folder, readdirSync(folder).sort().at(-1) ?? "");
  const raw = JSON.parse(gunzipSync(readFileSync(join(latest, "service-2.json.gz"))).toString()) as RawModel;
  const { pagination } = JSON.parse(readFileSync(join(latest, "paginators-1.json"), "utf8")) as {
    pagination: Record<string, RawPages>;
  };
  const shapes: Record<string, Shape> = {};
  const operations = Object.entries(raw.operations).map(([name, { input }]): [string, Operation] => {
    if (input !== undefined) keep(raw.shapes, input.shape, shapes);
    const filters = filtersOf(raw.shapes[input?.shape ?? ""]);
    const pages = pagination[name];
    return [
      name,
      {
        ...(input === undefined ? {} : { input: input.shape }),
        ...(filters.length === 0 ? {} : { filters }),
        ...(pages === undefined ? {} : { pages: asPages(pages) }),
      },
    ];
  });
  return { operations: Object.fromEntries(operations), shapes };
}

/** Puts the shape, and all that it refers to, among those that are kept. */
function keep(all: Record<string, RawShape>, name: string, kept: Record<string, Shape>): void {
  const shape = all[name];
  if (shape === undefined || kept[name] !== undefined) return;
  const members = Object.entries(shape.members ?? {}).map(([key, member]) => [key, reference(member)]);
  const { type, required, flattened, enum: values, min, max, pattern } = shape;
  kept[name] = JSON.parse(
    JSON.stringify({
      ...{ type, required, flattened, enum: values, min, max, pattern },
      members: shape.members === undefined ? undefined : (Object.fromEntries(members) as unknown),
      member: shape.member === undefined ? undefined : reference(shape.member),
    }),
  ) as Shape;
  for (const member of Object.values(shape.members ?? {})) keep(all, member.shape, kept);
  if (shape.member !== undefined) keep(all, shape.member.shape, kept);
}

function reference({ shape, locationName, queryName, location }: RawMember): Member {
  return {
    shape,
    ...(locationName === undefined ? {} : { locationName }),
    ...(queryName === undefined ? {} : { queryName }),
    ...(location === undefined ? {} : { location }),
  };
}

/** Filters are one parameter to the model; their names are in its documentation only. */
function filtersOf(input: RawShape | undefined): string[] {
  const text = input?.members?.Filters?.documentation ?? input?.members?.Filter?.documentation ?? "";
  return [...text.matchAll(/<li>\s*<p>\s*<code>([^<]+)<\/code>/g)].map(([, name]) => name ?? "");
}

function asPages(raw: RawPages): Pages {
  const first = (value: string | string[]): string => (typeof value === "string" ? value : (value[0] ?? ""));
  return {
    input: first(raw.input_token),
    output: first(raw.output_token),
    ...(raw.limit_key === undefined ? {} : { limit: raw.limit_key }),
    ...(raw.more_results === undefined ? {} : { more: raw.more_results }),
    results: [raw.result_key ?? []].flat(),
  };
}
