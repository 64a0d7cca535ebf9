import test from "ava";
import fc from "fast-check";
import { MoveFailed } from "../../../components/failover/core/contract";
import { type OverlayIpService, overlayIp } from "../../../components/failover/mechanisms/overlay-ip/moves";
import { type Fault, FaultPlan, faultsOf } from "./faults";
import { DESTINATION, FakeRoutes, type Routes } from "./fake-routes";
import { inVirtualTime, pause } from "./virtual-time";

const service: OverlayIpService = {
  destination: DESTINATION,
  vpcId: "vpc-1",
  region: "us-east-1",
  candidates: {
    node1: { instanceId: "i-1", networkInterfaceId: "eni-1" },
    node2: { instanceId: "i-2", networkInterfaceId: "eni-2" },
  },
};

const TABLES = ["rtb-1", "rtb-2", "rtb-3", "rtb-4", "rtb-5"];

interface Scene {
  before: Routes;
  plan: Fault[];
}

/** One to five tables, and faults in the calls that concern them. */
const scenes: fc.Arbitrary<Scene> = fc
  .array(fc.constantFrom("eni-1", "eni-1", "eni-1", "eni-2", undefined), { minLength: 1, maxLength: 5 })
  .chain((targets) => {
    const writes = targets.flatMap((target, index) => {
      const table = TABLES[index] ?? "";
      return (target === undefined ? ["createRoute", "deleteRoute"] : ["replaceRoute"]).map(
        (action) => `${action} ${table}`,
      );
    });
    return fc.record({
      before: fc.constant(Object.fromEntries(targets.map((target, index) => [TABLES[index], target]))),
      plan: faultsOf(writes, ["describeRouteTables"]),
    });
  });

interface End {
  result: "moved" | MoveFailed;
  routes: Routes;
}

/** A move under faults, and what the routes are long after it has ended. */
async function moveUnderFaults(before: Routes, plan: Fault[], seed: number): Promise<End> {
  return inVirtualTime(seed, async () => {
    const fake = new FakeRoutes(before, new FaultPlan(plan));
    const result = await overlayIp.move(service, "node2", fake.context()).then(
      () => "moved" as const,
      (error: unknown) => {
        if (error instanceof MoveFailed) return error;
        throw error;
      },
    );
    // Time for what was sent and never answered to take effect.
    await pause(60);
    return { result, routes: fake.routes };
  });
}

function judge({ result, routes }: End, before: Routes): void {
  const now = JSON.stringify(Object.entries(routes));
  if (result === "moved") {
    for (const [table, target] of Object.entries(routes))
      if (target !== "eni-2") throw new Error(`reported as moved, but ${table} leads to ${String(target)}`);
    return;
  }
  if (result.outcome !== "mixed") {
    if (now !== JSON.stringify(Object.entries(before)))
      throw new Error(`reported as ${result.outcome}: ${now}`);
    return;
  }
  for (const place of result.places) {
    if (place.uncertain === undefined && place.target !== routes[place.where])
      throw new Error(`${place.where} is reported as ${String(place.target)}: ${now}`);
  }
  if (result.places.length !== Object.keys(routes).length)
    throw new Error("a table is missing from the report");
}

test.serial(
  "whatever fails, all tables end on the target or as before, or the exact mixed state is reported",
  async (t) => {
    const outcomes: Record<string, number> = {};
    await fc.assert(
      fc.asyncProperty(scenes, fc.integer(), async ({ before, plan }, seed) => {
        const end = await moveUnderFaults(before, plan, seed);
        const outcome = end.result === "moved" ? "moved" : end.result.outcome;
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
        judge(end, before);
      }),
      { numRuns: Number(process.env["MOVES_RUNS"] ?? 500) },
    );
    t.log(outcomes);
    // A property over faults that never hurt would prove nothing.
    for (const outcome of ["moved", "undone", "unchanged", "mixed"])
      t.true((outcomes[outcome] ?? 0) > 0, outcome);
  },
);
