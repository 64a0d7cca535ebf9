import type { Rule } from "../lib/rule";
import { overlayOutsideVpc } from "./failover/overlay-outside-vpc";
import { imdsv2Required } from "./security/imdsv2-required";
import { noWorldOpenPorts } from "./dns/no-world-open-ports";

/** All rules by topic, in the order of the documentation. */
export const topics: Readonly<Record<string, readonly Rule[]>> = {
  failover: [overlayOutsideVpc],
  dns: [noWorldOpenPorts],
  security: [imdsv2Required],
};

export const rules: readonly Rule[] = Object.values(topics).flat();
