/** The pack's entry; it is built into bin/index.js, which `package.json` names. */
import { PolicyPack } from "@pulumi/policy";
import { rules } from "./rules";

new PolicyPack("failover-lab", {
  description: "Stops at preview the mistakes that break a failover, and those that open the lab.",
  policies: rules.map((rule) => rule.policy),
});
