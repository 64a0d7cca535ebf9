"use strict";

/** Files run in parallel, a worker thread each: two at once is what two cores give. */
module.exports = {
  extensions: ["ts"],
  require: ["ts-node/register/transpile-only", "./test/worker.ts"],
  files: ["test/{unit,engine,packets,policy}/**/*.test.ts"],
  timeout: "5m",
  concurrency: 2,
  workerThreads: false,
  cache: false,
};
