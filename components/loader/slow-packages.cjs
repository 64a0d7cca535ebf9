"use strict";
/**
 * Preloaded (`node -r`): reads some packages when they are used, not when they are required. `@pulumi/pulumi` requires
 * them at its start, which is half of its loading time, and hardly ever uses them.
 */
const Module = require("node:module");

const slow = new Set([
  // Functions that are turned into Lambdas.
  "@npmcli/arborist",
  "typescript",
  // Traces for Zipkin (`pulumi --tracing`).
  "@opentelemetry/exporter-zipkin",
  "@opentelemetry/instrumentation",
  "@opentelemetry/instrumentation-grpc",
  "@opentelemetry/resources",
  "@opentelemetry/sdk-trace-base",
  "@opentelemetry/sdk-trace-node",
]);
const load = Module._load;

Module._load = function (request, parent, isMain) {
  if (!slow.has(request)) return load(request, parent, isMain);
  if (require.cache[Module._resolveFilename(request, parent)]) return load(request, parent, isMain);
  let found;
  const real = () => (found ??= load(request, parent, isMain));
  return new Proxy(
    {},
    {
      // Else a compiled `import * as` would read every property, to make a copy.
      get: (_target, key) => (key === "__esModule" ? true : real()[key]),
      has: (_target, key) => key in real(),
      ownKeys: () => Reflect.ownKeys(real()),
      getOwnPropertyDescriptor: (_target, key) => {
        const property = Reflect.getOwnPropertyDescriptor(real(), key);
        return property === undefined ? undefined : { ...property, configurable: true };
      },
    },
  );
};
