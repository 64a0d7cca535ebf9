import test from "ava";
import { handlersOver } from "../../../components/failover/handlers";
import {
  type Location,
  type Mechanism,
  MoveFailed,
  type Problem,
} from "../../../components/failover/moves/contract";
import { awsContext } from "../../../components/failover/moves/context";

/** A mechanism over one variable, which counts its calls. */
function fake(start: string | undefined, problems: Problem[] = []) {
  const world = { at: start, calls: [] as string[], problems, fail: undefined as MoveFailed | undefined };
  const location = (): Location => {
    const place = { where: "rtb-1", target: world.at, node: world.at };
    return world.at === undefined
      ? { state: "absent", places: [{ where: "rtb-1" }] }
      : { state: "at", node: world.at, places: [place] };
  };
  const mechanism: Mechanism<Service, unknown> = {
    locate: async () => (world.calls.push("locate"), location()),
    preflight: async (_service, to) => (world.calls.push(`preflight ${to}`), world.problems),
    move: async (_service, to) => {
      world.calls.push(`move ${to}`);
      if (world.fail) throw world.fail;
      const from = world.at;
      world.at = to;
      return {
        from,
        to,
        moved: from !== to,
        steps: [{ name: "re-point", seconds: 1 }],
        warnings: [],
        before: {},
      };
    },
    undo: async () => [],
    remove: async () => (world.calls.push("remove"), { removed: [], left: [] }),
  };
  return { world, handlers: handlersOver(mechanism, ["region"], () => awsContext()) };
}

interface Service {
  readonly region: string;
  readonly candidates: Record<string, Record<string, string>>;
}
const service: Service = {
  region: "us-east-1",
  candidates: { node1: { networkInterfaceId: "eni-1" }, node2: { networkInterfaceId: "eni-2" } },
};
const inputs = (active?: string) => ({
  service,
  initial: "node1",
  places: ["rtb-1"],
  ...(active ? { active } : {}),
});
const stopped: Problem = { subject: "i-2 (node2)", reason: "is stopped", remedy: "start it" };
const switchedOn: Problem = {
  subject: "i-2 (node2)",
  reason: "has its source/dest check on",
  remedy: "turn it off",
};

test("choosing another node is refused in the plan, with every reason and its remedy", async (t) => {
  const { handlers } = fake("node1", [stopped, switchedOn]);
  const { failures } = await handlers.check(inputs(), inputs("node2"));
  t.deepEqual(
    failures.map((failure) => failure.reason),
    ["i-2 (node2) is stopped; start it", "i-2 (node2) has its source/dest check on; turn it off"],
  );
});

test("an unknown node is refused without a call to AWS", async (t) => {
  const { handlers, world } = fake("node1");
  const { failures } = await handlers.check(inputs(), inputs("node9"));
  t.regex(failures[0]?.reason ?? "", /no node node9; choose one of: node1, node2/);
  t.deepEqual(world.calls, []);
});

test("a choice that did not change costs no preflight", async (t) => {
  const { handlers, world } = fake("node2");
  await handlers.check(inputs("node2"), inputs("node2"));
  t.deepEqual(world.calls, []);
});

test("values that are not known yet are not judged", async (t) => {
  const { handlers, world } = fake("node1", [stopped]);
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  const news = { ...inputs("node2"), places: [unknown] };
  t.deepEqual((await handlers.check({}, news)).failures, []);
  t.deepEqual(world.calls, []);
});

test("active unset = stay: nothing is asked and nothing changes, wherever others have moved the service", async (t) => {
  const { handlers, world } = fake("node1");
  const { outs } = await handlers.create(inputs());
  world.at = "node2";
  const refreshed = await handlers.read("id", outs);
  t.is(refreshed.props.activeNode, "node2");
  world.calls.length = 0;
  t.false((await handlers.diff("id", refreshed.props, inputs())).changes);
  t.deepEqual(world.calls, []);
});

test("active set: a foreign move is a change in the plan, even without a refresh", async (t) => {
  const { handlers, world } = fake("node1");
  const { outs } = await handlers.create(inputs("node1"));
  t.false((await handlers.diff("id", outs, inputs("node1"))).changes);
  world.at = "node2";
  t.true((await handlers.diff("id", outs, inputs("node1"))).changes);
});

test("moving a drifted service back onto a dead node is refused in the plan, with the way out", async (t) => {
  const { handlers, world } = fake("node1");
  const { outs } = await handlers.create(inputs("node1"));
  world.at = "node2";
  world.problems = [{ ...stopped, subject: "i-1 (node1)" }];
  const error = await t.throwsAsync(handlers.diff("id", outs, inputs("node1")));
  t.regex(error?.message ?? "", /i-1 \(node1\) is stopped; start it[^]*unset the active node/);
});

test("a new service goes to where it is already, else to the first node", async (t) => {
  const taken = fake("node2");
  t.is((await taken.handlers.create(inputs())).outs.activeNode, "node2");
  const free = fake(undefined);
  t.is((await free.handlers.create(inputs())).outs.activeNode, "node1");
});

test("staying means the node: when its interface is replaced, the service follows it", async (t) => {
  const { handlers, world } = fake("node2");
  const { outs } = await handlers.create(inputs());
  const replaced: Service = {
    ...service,
    candidates: { ...service.candidates, node2: { networkInterfaceId: "eni-3" } },
  };
  const news = { ...inputs(), service: replaced };
  t.true((await handlers.diff("id", outs, news)).changes);
  world.calls.length = 0;
  await handlers.update("id", outs, news);
  t.true(world.calls.includes("move node2"));
});

test("a failed move that was undone leaves no new state", async (t) => {
  const { handlers, world } = fake("node1");
  const { outs } = await handlers.create(inputs());
  world.fail = new MoveFailed("Moving", { outcome: "undone", reason: "denied" });
  const error = await t.throwsAsync(handlers.update("id", outs, inputs("node2")));
  t.false("properties" in (error as object));
});

test("a move that ends mixed is kept in the state as mixed, so that the next update goes on", async (t) => {
  const { handlers, world } = fake("node1");
  const { outs } = await handlers.create(inputs());
  const places = [
    { where: "rtb-1", target: "eni-1", node: "node1" },
    { where: "rtb-2", target: "eni-2", node: "node2" },
  ];
  world.fail = new MoveFailed("Moving", { outcome: "mixed", reason: "denied", places });
  const error = await t.throwsAsync(handlers.update("id", outs, inputs("node2")));
  t.like(error, { id: "id", properties: { location: "mixed", where: places } });
});

test("a service that is nowhere is gone, for a refresh", async (t) => {
  const { handlers, world } = fake("node1");
  const { outs } = await handlers.create(inputs());
  world.at = undefined;
  t.is((await handlers.read("id", outs)).id, "");
});
