import test from "ava";
import fc from "fast-check";
import { MoveFailed, type MoveReport } from "../../../components/failover/core/contract";
import { type NameService, serviceName } from "../../../components/failover/mechanisms/service-name/moves";
import { FakeRecord, NAME } from "./fake-record";
import { type Fault, FaultPlan, faultsOf } from "./faults";
import { inVirtualTime, pause } from "./virtual-time";

const service: NameService = {
  hostedZoneId: "Z1",
  name: "MyService.awslab.mycompany.corp",
  ttl: 10,
  region: "us-east-1",
  candidates: { node1: { address: "10.0.0.1" }, node2: { address: "10.0.0.2" } },
};

interface Scene {
  before: string | undefined;
  propagation: number;
  plan: Fault[];
}

const scenes: fc.Arbitrary<Scene> = fc
  .record({
    before: fc.constantFrom("10.0.0.1", "10.0.0.1", "10.0.0.2", undefined),
    propagation: fc.constantFrom(0, 20, 100_000),
  })
  .chain(({ before, propagation }) =>
    fc.record({
      before: fc.constant(before),
      propagation: fc.constant(propagation),
      plan: faultsOf(
        ["upsert 10.0.0.2", "upsert 10.0.0.2", before === undefined ? "delete" : `upsert ${before}`],
        ["list", "getChange"],
      ),
    }),
  );

interface End {
  result: MoveReport | MoveFailed;
  address: string | undefined;
}

function moveUnderFaults({ before, propagation, plan }: Scene, seed: number): Promise<End> {
  return inVirtualTime(seed, async () => {
    const fake = new FakeRecord(before, propagation, new FaultPlan(plan));
    const result = await serviceName.move(service, "node2", fake.context()).catch((error: unknown) => {
      if (error instanceof MoveFailed) return error;
      throw error;
    });
    await pause(60);
    return { result, address: fake.address };
  });
}

function judge({ result, address }: End, { before, propagation }: Scene): void {
  if (!(result instanceof MoveFailed)) {
    if (address !== "10.0.0.2") throw new Error(`reported as moved, but it is ${String(address)}`);
    if (propagation > 1000 && result.moved && result.warnings.length === 0)
      throw new Error("no word of a change that isn't in sync");
    return;
  }
  if (result.outcome !== "mixed") {
    if (address !== before) throw new Error(`reported as ${result.outcome}, but it is ${String(address)}`);
    return;
  }
  const [place] = result.places;
  if (place?.where !== NAME) throw new Error("the record is missing from the report");
  if (place.uncertain === undefined && place.target !== address)
    throw new Error(`reported as ${String(place.target)}, but it is ${String(address)}`);
}

test.serial(
  "whatever fails, the record says the target or what it said before, or its exact state is reported",
  async (t) => {
    const outcomes: Record<string, number> = {};
    await fc.assert(
      fc.asyncProperty(scenes, fc.integer(), async (scene, seed) => {
        const end = await moveUnderFaults(scene, seed);
        const outcome = end.result instanceof MoveFailed ? end.result.outcome : "moved";
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
        judge(end, scene);
      }),
      { numRuns: Number(process.env["MOVES_RUNS"] ?? 500) },
    );
    t.log(outcomes);
    for (const outcome of ["moved", "undone", "unchanged"]) t.true((outcomes[outcome] ?? 0) > 0, outcome);
  },
);
