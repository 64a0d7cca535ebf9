import test from "ava";
import fc from "fast-check";
import { MoveFailed } from "../../../components/failover/core/contract";
import {
  floatingEni,
  type FloatingEniService,
} from "../../../components/failover/mechanisms/floating-eni/moves";
import { ENI, FakeEni, type FakeTimes } from "./fake-eni";
import { type Fault, FaultPlan, faultsOf } from "./faults";
import { inVirtualTime, pause } from "./virtual-time";

const service: FloatingEniService = {
  networkInterfaceId: ENI,
  region: "us-east-1",
  candidates: { "node-a": { instanceId: "i-a" }, "node-b": { instanceId: "i-b" } },
};

interface Scene {
  before: string | undefined;
  times: FakeTimes;
  allowForce: boolean;
  plan: Fault[];
}

const scenes: fc.Arbitrary<Scene> = fc.record({
  before: fc.constantFrom("i-a", "i-a", "i-a", "i-b", undefined),
  times: fc.record({
    attach: fc.constantFrom(0, 0.5, 5),
    detach: fc.constantFrom(0, 2, 30, 90, 100_000),
    forced: fc.constantFrom(1, 20, 100_000),
  }),
  allowForce: fc.boolean(),
  plan: faultsOf(
    ["detach", "attach i-b", "attach i-b", "attach i-a"],
    ["describeNetworkInterfaces", "describeInstances"],
  ),
});

interface End {
  /** `unread`: moved, with the warning that it could not be looked at in the end. */
  result: "moved" | "unread" | MoveFailed;
  /** Right after the move has ended, and long after it. */
  holder: string;
  later: string;
}

function moveUnderFaults({ before, times, allowForce, plan }: Scene, seed: number): Promise<End> {
  return inVirtualTime(seed, async () => {
    const fake = FakeEni.on(before, times, new FaultPlan(plan));
    const result = await floatingEni.move({ ...service, allowForce }, "node-b", fake.context()).then(
      ({ warnings }) => (warnings.length > 0 ? ("unread" as const) : ("moved" as const)),
      (error: unknown) => {
        if (error instanceof MoveFailed) return error;
        throw error;
      },
    );
    const { holder } = fake;
    await pause(60);
    return { result, holder, later: fake.holder };
  });
}

function judge({ result, holder, later }: End, before: string | undefined): void {
  const found = `${holder}, later ${later}`;
  if (result === "unread") {
    if (later !== "i-b") throw new Error(`reported as moved: ${found}`);
    return;
  }
  if (result === "moved") {
    if (holder !== "i-b" || later !== "i-b") throw new Error(`reported as moved: ${found}`);
    return;
  }
  if (result.outcome !== "mixed") {
    const wanted = before ?? "nobody";
    // An attachment that AWS acknowledged, but that could not be looked at, may be on its way.
    if (holder.replace("attaching ", "") !== wanted || later !== wanted)
      throw new Error(`reported as ${result.outcome}: ${found}`);
    return;
  }
  const [place] = result.places;
  if (place === undefined || result.places.length > 1) throw new Error("one interface is one place");
  if (place.uncertain?.startsWith("it could not be read") === true) return;
  const state = place.uncertain?.replace("it is ", "");
  const said =
    place.target === undefined ? "nobody" : state === undefined ? place.target : `${state} ${place.target}`;
  // What was on its way when it was looked at, with a stale look at worst, may have arrived.
  const arrived = state === "detaching" ? "nobody" : place.target;
  if (said !== holder && (state === undefined || holder !== arrived))
    throw new Error(`reported as ${said}: ${found}`);
  if (result.repair.finish.length === 0) throw new Error("no way to finish is given");
}

test.serial(
  "whatever fails, the interface ends at the target or where it was, or its exact state is reported",
  async (t) => {
    const outcomes: Record<string, number> = {};
    await fc.assert(
      fc.asyncProperty(scenes, fc.integer(), async (scene, seed) => {
        const end = await moveUnderFaults(scene, seed);
        const outcome = end.result instanceof MoveFailed ? end.result.outcome : "moved";
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
        judge(end, scene.before);
      }),
      { numRuns: Number(process.env["MOVES_RUNS"] ?? 500) },
    );
    t.log(outcomes);
    for (const outcome of ["moved", "undone", "unchanged", "mixed"])
      t.true((outcomes[outcome] ?? 0) > 0, outcome);
  },
);
