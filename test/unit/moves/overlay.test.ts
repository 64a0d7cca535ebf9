import { performance } from "node:perf_hooks";
import test from "ava";
import { MoveFailed } from "../../../components/failover/core/contract";
import { overlayIp, type OverlayIpService } from "../../../components/failover/mechanisms/overlay-ip/moves";
import { type Fault, FaultPlan } from "./faults";
import { DESTINATION, FakeRoutes, type Routes } from "./fake-routes";
import { inVirtualTime } from "./virtual-time";

const service: OverlayIpService = {
  destination: DESTINATION,
  vpcId: "vpc-1",
  region: "us-east-1",
  candidates: {
    node1: { instanceId: "i-1", networkInterfaceId: "eni-1" },
    node2: { instanceId: "i-2", networkInterfaceId: "eni-2" },
  },
};

async function failed(move: Promise<unknown>): Promise<MoveFailed> {
  try {
    await move;
  } catch (error) {
    if (error instanceof MoveFailed) return error;
    throw error;
  }
  throw new Error("the move was expected to fail");
}

const forever = (call: string, fault: Fault["fault"]): Fault => ({
  call,
  fault,
  first: 1,
  times: 1_000_000,
  seconds: 1,
});

test.serial("routes are created where there are none, and removed again", async (t) => {
  await inVirtualTime(1, async () => {
    const before: Routes = { "rtb-1": undefined, "rtb-2": undefined };
    const fake = new FakeRoutes(before);
    t.like(await overlayIp.locate(service, fake.context()), { state: "absent" });
    const report = await overlayIp.move(service, "node1", fake.context());
    t.like(report, { to: "node1", moved: true, from: undefined });
    t.deepEqual(fake.routes, { "rtb-1": "eni-1", "rtb-2": "eni-1" });
    await overlayIp.remove(service, fake.context());
    t.deepEqual(fake.routes, before);
  });
});

test.serial("a repeated move changes nothing, writes nothing, and says so", async (t) => {
  await inVirtualTime(1, async () => {
    const fake = new FakeRoutes({ "rtb-1": "eni-2", "rtb-2": "eni-2" });
    t.like(await overlayIp.move(service, "node2", fake.context()), {
      from: "node2",
      moved: false,
      warnings: [],
    });
    t.true(fake.plan.calls.every((call) => call === "describeRouteTables"));
  });
});

test.serial("a half move that was left behind is completed", async (t) => {
  await inVirtualTime(1, async () => {
    const fake = new FakeRoutes({ "rtb-1": "eni-2", "rtb-2": "eni-1", "rtb-3": undefined });
    t.like(await overlayIp.locate(service, fake.context()), { state: "mixed" });
    t.like(await overlayIp.move(service, "node2", fake.context()), { moved: true });
    t.deepEqual(fake.routes, { "rtb-1": "eni-2", "rtb-2": "eni-2", "rtb-3": "eni-2" });
  });
});

test.serial("a table that somebody makes during the move gets the route, too", async (t) => {
  await inVirtualTime(1, async () => {
    const plan = new FaultPlan();
    const fake = new FakeRoutes({ "rtb-1": "eni-1" }, plan);
    const next = plan.next.bind(plan);
    plan.next = (call) => {
      if (call === "replaceRoute rtb-1") fake.set("rtb-new", undefined);
      return next(call);
    };
    t.like(await overlayIp.move(service, "node2", fake.context()), { moved: true });
    t.deepEqual(fake.routes, { "rtb-1": "eni-2", "rtb-new": "eni-2" });
  });
});

test.serial("a denial in one of three tables takes the other two back at once", async (t) => {
  await inVirtualTime(1, async () => {
    const before: Routes = { "rtb-1": "eni-1", "rtb-2": "eni-1", "rtb-3": "eni-1" };
    const fake = new FakeRoutes(before, new FaultPlan([forever("replaceRoute rtb-2", "denied")]));
    const start = performance.now();
    const error = await failed(overlayIp.move(service, "node2", fake.context()));
    t.is(error.outcome, "undone");
    t.regex(error.message, /rtb-2: UnauthorizedOperation[^]*everything is as it was before/);
    t.deepEqual(fake.routes, before);
    t.true(performance.now() - start < 2000, "of virtual time");
  });
});

test.serial(
  "when what was before is gone, the mixed state and the commands that complete the move are given",
  async (t) => {
    await inVirtualTime(1, async () => {
      const fake = new FakeRoutes(
        { "rtb-1": "eni-1", "rtb-2": "eni-1" },
        new FaultPlan([forever("replaceRoute rtb-2", "denied")]),
      );
      fake.goneInterfaces.add("eni-1");
      const context = { ...fake.context(), profile: "lab" };
      const error = await failed(overlayIp.move(service, "node2", context));
      t.is(error.outcome, "mixed");
      t.deepEqual(error.places, [
        { where: "rtb-1", target: "eni-2", node: "node2" },
        { where: "rtb-2", target: "eni-1", node: "node1" },
      ]);
      const rest = "--destination-cidr-block 192.168.10.1/32 --network-interface-id";
      const start = "aws ec2 replace-route --region us-east-1 --profile lab --route-table-id";
      t.deepEqual(error.repair, {
        finish: [`${start} rtb-2 ${rest} eni-2`],
        restore: [`${start} rtb-1 ${rest} eni-1`],
      });
      t.true(error.message.includes(error.repair.finish[0] ?? ""), error.message);
    });
  },
);

test.serial(
  "a table that is throttled for good ends the move at its deadline, and all is as before",
  async (t) => {
    await inVirtualTime(1, async () => {
      const before: Routes = { "rtb-1": "eni-1", "rtb-2": "eni-1" };
      const fake = new FakeRoutes(before, new FaultPlan([forever("replaceRoute rtb-2", "throttled")]));
      const start = performance.now();
      const error = await failed(overlayIp.move(service, "node2", fake.context({ move: 30 })));
      t.is(error.outcome, "undone");
      t.deepEqual(fake.routes, before);
      const seconds = (performance.now() - start) / 1000;
      t.true(seconds >= 26 && seconds < 40, `${seconds} s of virtual time`);
    });
  },
);

test.serial(
  "a write that was applied, and whose reply was lost for good, is recognised by reading back",
  async (t) => {
    await inVirtualTime(1, async () => {
      const lost: Fault = { call: "replaceRoute rtb-1", fault: "lost", first: 1, times: 1, seconds: 1 };
      const plan = new FaultPlan([lost, forever("replaceRoute rtb-1", "denied")]);
      const fake = new FakeRoutes({ "rtb-1": "eni-1", "rtb-2": "eni-1" }, plan);
      t.like(await overlayIp.move(service, "node2", fake.context()), { from: "node1", moved: true });
      t.deepEqual(fake.routes, { "rtb-1": "eni-2", "rtb-2": "eni-2" });
    });
  },
);

/** EC2's own limit for writes: 50 at once, then 5 a second. */
class RateLimit extends FaultPlan {
  private tokens = 50;
  private since = performance.now();

  override next(call: string): Fault | undefined {
    super.next(call);
    if (call === "describeRouteTables") return undefined;
    const now = performance.now();
    this.tokens = Math.min(50, this.tokens + ((now - this.since) / 1000) * 5);
    this.since = now;
    if (this.tokens < 1) return forever(call, "throttled");
    this.tokens -= 1;
    return undefined;
  }
}

test.serial("200 tables, AWS's limit, are moved within the deadline under EC2's rate limit", async (t) => {
  await inVirtualTime(1, async () => {
    const tables = Array.from({ length: 200 }, (_, index) => [`rtb-${index}`, "eni-1"]);
    const fake = new FakeRoutes(Object.fromEntries(tables) as Routes, new RateLimit());
    const start = performance.now();
    t.like(await overlayIp.move(service, "node2", fake.context()), { moved: true });
    t.log(`${Math.round((performance.now() - start) / 1000)} s of virtual time`);
    t.true(Object.values(fake.routes).every((target) => target === "eni-2"));
  });
});

test.serial("remove deletes routes to candidates, present and former, and leaves others", async (t) => {
  await inVirtualTime(1, async () => {
    const fake = new FakeRoutes({
      "rtb-1": "eni-1",
      "rtb-2": "eni-old",
      "rtb-3": "eni-9",
      "rtb-4": undefined,
    });
    const removal = await overlayIp.remove({ ...service, formerInterfaces: ["eni-old"] }, fake.context());
    t.deepEqual(fake.routes, {
      "rtb-1": undefined,
      "rtb-2": undefined,
      "rtb-3": "eni-9",
      "rtb-4": undefined,
    });
    t.deepEqual(removal.left, [{ where: "rtb-3", target: "eni-9" }]);
    t.is(removal.removed.length, 2);
  });
});

test.serial("an unknown node changes nothing and lists the candidates", async (t) => {
  const fake = new FakeRoutes({ "rtb-1": "eni-1" });
  const error = await failed(overlayIp.move(service, "toString", fake.context()));
  t.is(error.outcome, "unchanged");
  t.regex(error.message, /choose one of: node1, node2\nNothing was changed/);
  t.deepEqual(fake.plan.calls, []);
});

test.serial("a VPC that is gone has nothing to remove, and cannot be moved in", async (t) => {
  await inVirtualTime(1, async () => {
    const fake = new FakeRoutes({});
    t.deepEqual(await overlayIp.remove(service, fake.context()), { removed: [], left: [] });
    const error = await failed(overlayIp.move(service, "node2", fake.context()));
    t.is(error.outcome, "unchanged");
    t.regex(error.message, /no route tables/);
  });
});
