"use strict";

const { devDependencies } = require("./package.json");

/** Who may import whom: the house's walls. Each rule says what the wall protects. */
module.exports = {
  forbidden: [
    {
      name: "no-circular",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "product-not-from-test",
      comment: "The program must not know whether it runs in an account or in the offline cloud.",
      severity: "error",
      from: { path: "^(stacks|components|policy)/" },
      to: { path: "^(test|scripts)/" },
    },
    {
      name: "components-not-from-stacks",
      comment: "Components are usable without our stack.",
      severity: "error",
      from: { path: "^components/" },
      to: { path: "^stacks/" },
    },
    {
      name: "core-stands-alone",
      comment: "What the mechanisms share knows none of them, and no Pulumi.",
      severity: "error",
      from: { path: "^components/failover/core/" },
      to: { path: "node_modules/@pulumi/|^components/(?!failover/core/)" },
    },
    {
      name: "moves-know-no-pulumi",
      comment: "A move is plain code over the AWS SDK: it is tested and usable without Pulumi.",
      severity: "error",
      from: {
        path: "^components/failover/mechanisms/[^/]+/",
        pathNot: "/(component|floating-interface)\\.ts$|\\.plan\\.ts$",
      },
      to: { path: "node_modules/@pulumi/|^components/(?!failover/(core|mechanisms)/)" },
    },
    {
      name: "mechanisms-stand-apart",
      comment: "A mechanism is one room: it knows no other one, and none knows it but the list.",
      severity: "error",
      from: { path: "^components/failover/mechanisms/([^/]+)/" },
      to: { path: "^components/failover/mechanisms/", pathNot: "^components/failover/mechanisms/$1/" },
    },
    {
      name: "mechanisms-by-their-list",
      comment: "The provider and the mover work for every mechanism, known or to come.",
      severity: "error",
      from: { path: "^components/failover/(provider|mover)/" },
      to: { path: "^components/failover/mechanisms/[^/]+/" },
    },
    {
      name: "failover-command-stands-alone",
      comment: "In an account there are neither tests, nor the offline cloud, nor development packages.",
      severity: "error",
      from: { path: "^scripts/failover\\.ts$" },
      to: {
        path: `^test/|^node_modules/(${Object.keys(devDependencies).join("|")})/`,
        reachable: true,
      },
    },
    {
      name: "failover-command-not-from-stacks",
      comment: "It works for every stack that has services, whatever its program.",
      severity: "error",
      from: { path: "^scripts/failover(\\.ts$|/)" },
      to: { path: "^(stacks|policy)/" },
    },
    {
      name: "policy-stands-alone",
      comment: "The policy pack judges other people's stacks too: it may use pure planners only.",
      severity: "error",
      from: { path: "^policy/" },
      to: { path: "^components/", pathNot: "\\.plan\\.ts$" },
    },
    {
      name: "planners-are-pure",
      comment: "*.plan.ts files are functions from values to values.",
      severity: "error",
      from: { path: "\\.plan\\.ts$" },
      to: {
        path: "node_modules/(@pulumi|@aws-sdk|@smithy)/|^(stacks|scripts|test)/|^components/.*(?<!\\.plan)\\.ts$",
      },
    },
    {
      name: "simulator-judges-only",
      comment: "It is under the AGPL: it is no part of what people run.",
      severity: "error",
      from: { pathNot: "^test/unit/" },
      to: { path: "node_modules/@cloud-copilot/iam-simulate/" },
    },
    {
      name: "not-to-dev-dep",
      comment: "What ends up in AWS depends on production dependencies only.",
      severity: "error",
      from: { path: "^(stacks|components)/" },
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"] },
    },
    {
      name: "not-unresolvable",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["require", "node", "import", "default"],
    },
    exclude: { path: "^(\\.lab|policy/bin)/" },
  },
};
