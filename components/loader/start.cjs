"use strict";
/** `node start.cjs BUNDLE ARGUMENTS`: as `node BUNDLE ARGUMENTS`, and faster. */
const path = require("node:path");
const { loadBundle } = require("./bundles.cjs");

process.argv.splice(1, 1);
process.argv[1] = path.resolve(process.argv[1]);
loadBundle(process.argv[1], { asMain: true });
