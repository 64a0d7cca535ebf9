import test from "ava";
import { type Handlers, handlersOver } from "../../../components/failover/provider/handlers";
import type { MechanismFacts } from "../../../components/failover/core/facts";
import type { ServiceShape } from "../../../components/failover/core/facts";
import {
  type Location,
  type Mechanism,
  MoveFailed,
  type Problem,
} from "../../../components/failover/core/contract";
import { awsContext } from "../../../components/failover/core/context";

/** A mechanism over one variable, which counts its calls. */
function fake(start: string | undefined, problems: Problem[] = []) {
  const world = {
    at: start,
    /** Set: the places disagree. */
    places: undefined as Location["places"] | undefined,
    calls: [] as string[],
    problems,
    fail: undefined as MoveFailed | undefined,
  };
  const location = (): Location => {
    if (world.places !== undefined) return { state: "mixed", places: world.places };
    const place = { where: "rtb-1", target: world.at, node: world.at };
    return world.at === undefined
      ? { state: "absent", places: [{ where: "rtb-1" }] }
      : { state: "at", node: world.at, places: [place] };
  };
  const mechanism: Mechanism<ServiceShape> = {
    locate: async () => (world.calls.push("locate"), location()),
    preflight: async (_service, to) => (world.calls.push(`preflight ${to}`), world.problems),
    move: async (_service, to) => {
      world.calls.push(`move ${to}`);
      if (world.fail) throw world.fail;
      const from = world.at;
      world.at = to;
      world.places = undefined;
      return {
        from,
        to,
        moved: from !== to,
        steps: [{ name: "re-point", seconds: 1 }],
        warnings: [],
      };
    },
    remove: async () => (world.calls.push("remove"), { removed: [], left: [] }),
  };
  const facts: MechanismFacts = {
    type: "test:Service",
    mechanism,
    identity: ["region", "vpcId"],
    candidate: { id: "networkInterfaceId", former: "formerInterfaces" },
    label: () => "the service",
    longest: () => 60,
    load: () => Promise.resolve(),
  };
  return { world, handlers: handlersOver(facts, () => awsContext()) };
}

const inputs = (active?: string) => ({
  region: "us-east-1",
  vpcId: "vpc-1",
  routeTableIds: ["rtb-1"],
  initial: "node1",
  "node:node1": { networkInterfaceId: "eni-1" },
  "node:node2": { networkInterfaceId: "eni-2" },
  ...(active ? { active } : {}),
});
/** What the engine does: `check` works out the inputs, then they are created. */
async function created(handlers: Handlers, news: ReturnType<typeof inputs>): Promise<State> {
  const { inputs: checked } = await handlers.check({}, news);
  return (await handlers.create(checked)).outs;
}
/** Inputs of the next update, given what the state has. */
const next = async (handlers: Handlers, state: State, news: ReturnType<typeof inputs>) =>
  (await handlers.check(state, news)).inputs;
type State = Awaited<ReturnType<Handlers["create"]>>["outs"];

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
  const outs = await created(handlers, inputs("node2"));
  world.calls.length = 0;
  await handlers.check(outs, inputs("node2"));
  t.deepEqual(world.calls, []);
});

test("values that are not known yet are not judged", async (t) => {
  const { handlers, world } = fake("node1", [stopped]);
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  const news = { ...inputs("node2"), "node:node2": { networkInterfaceId: unknown } };
  t.deepEqual((await handlers.check({}, news)).failures, []);
  t.deepEqual(world.calls, []);
});

test("candidates that are not known at all, as in a new stack's preview, are not judged", async (t) => {
  const { handlers, world } = fake(undefined, [stopped]);
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  const news = { ...inputs("node2"), "node:node1": unknown as never, "node:node2": unknown as never };
  t.deepEqual((await handlers.check({}, news)).failures, []);
  t.deepEqual(world.calls, []);
});

test("active unset = stay: nothing is asked and nothing changes, wherever others have moved the service", async (t) => {
  const { handlers, world } = fake("node1");
  const outs = await created(handlers, inputs());
  world.at = "node2";
  const refreshed = await handlers.read("id", outs);
  t.is(refreshed.props.activeNode, "node2");
  // The engine asks what an update with the old inputs would change, and shows it as what the refresh has found.
  t.true((await handlers.diff("id", refreshed.props, outs)).changes);
  world.calls.length = 0;
  const news = await next(handlers, refreshed.inputs as State, inputs());
  t.is(news.activeNode, "node2");
  t.false((await handlers.diff("id", refreshed.props, news)).changes);
  t.deepEqual(world.calls, []);
});

test("active set: a foreign move is a change in the plan, even without a refresh", async (t) => {
  const { handlers, world } = fake("node1");
  const outs = await created(handlers, inputs("node1"));
  const news = await next(handlers, outs, inputs("node1"));
  t.false((await handlers.diff("id", outs, news)).changes);
  world.at = "node2";
  t.true((await handlers.diff("id", outs, news)).changes);
});

test("moving a drifted service back onto a dead node is refused in the plan, with the way out", async (t) => {
  const { handlers, world } = fake("node1");
  const outs = await created(handlers, inputs("node1"));
  world.at = "node2";
  world.problems = [{ ...stopped, subject: "i-1 (node1)" }];
  const news = await next(handlers, outs, inputs("node1"));
  const error = await t.throwsAsync(handlers.diff("id", outs, news));
  t.regex(error?.message ?? "", /i-1 \(node1\) is stopped; start it[^]*unset the active node/);
  // After a refresh the state knows, and the refusal comes as the others do.
  const refreshed = await handlers.read("id", outs);
  const { failures } = await handlers.check(refreshed.inputs, inputs("node1"));
  t.regex(failures[0]?.reason ?? "", /i-1 \(node1\) is stopped/);
});

test("a new service goes to where it is already, else to the first node", async (t) => {
  const taken = fake("node2");
  t.is((await created(taken.handlers, inputs())).activeNode, "node2");
  const free = fake(undefined);
  t.is((await created(free.handlers, inputs())).activeNode, "node1");
});

test("staying means the node: when its interface is replaced, the service follows it", async (t) => {
  const { handlers, world } = fake("node2");
  const outs = await created(handlers, inputs());
  const replaced = { networkInterfaceId: "eni-3" };
  const news = await next(handlers, outs, { ...inputs(), "node:node2": replaced });
  t.true((await handlers.diff("id", outs, news)).changes);
  world.calls.length = 0;
  await handlers.update("id", outs, news);
  t.true(world.calls.includes("move node2"));
});

test("a failed move that was undone leaves no new state", async (t) => {
  const { handlers, world } = fake("node1");
  const outs = await created(handlers, inputs());
  world.fail = new MoveFailed("Moving", { outcome: "undone", reason: "denied" });
  const error = await t.throwsAsync(handlers.update("id", outs, await next(handlers, outs, inputs("node2"))));
  t.false("properties" in (error as object));
});

test("a move that ends mixed is kept in the state as mixed, so that the next update goes on", async (t) => {
  const { handlers, world } = fake("node1");
  const outs = await created(handlers, inputs());
  const places = [
    { where: "rtb-1", target: "eni-1", node: "node1" },
    { where: "rtb-2", target: "eni-2", node: "node2" },
  ];
  world.fail = new MoveFailed("Moving", { outcome: "mixed", reason: "denied", places });
  const error = await t.throwsAsync(handlers.update("id", outs, await next(handlers, outs, inputs("node2"))));
  t.like(error, { id: "id", properties: { location: "mixed", where: places } });
  // Also when the choice is unset again: what was begun is completed, in the direction that the state has.
  world.fail = undefined;
  world.places = places;
  const { properties } = error as unknown as { properties: State };
  const news = await next(handlers, { ...properties, activeNode: "node2" }, inputs());
  t.true((await handlers.diff("id", properties, news)).changes);
  t.is((await handlers.update("id", properties, news)).outs.activeNode, "node2");
});

test("a service that nobody has belongs to the node that had it last, and goes there again", async (t) => {
  const { handlers, world } = fake("node2");
  const outs = await created(handlers, inputs());
  world.at = undefined;
  const refreshed = await handlers.read("id", outs);
  t.is(refreshed.id, "id", "it is not dropped");
  t.like(refreshed.props, { location: "absent", activeNode: undefined, lastNode: "node2" });
  const again = await handlers.read("id", refreshed.props);
  const news = await next(handlers, again.inputs as State, inputs());
  t.is(news.activeNode, "node2");
  world.problems = [stopped];
  t.false((await handlers.diff("id", again.props, news)).changes, "not onto a node that can't have it");
  world.problems = [];
  t.true((await handlers.diff("id", again.props, news)).changes);
  t.is((await handlers.update("id", again.props, news)).outs.activeNode, "node2");
});

test("another profile is taken into the state, without a move", async (t) => {
  const { handlers, world } = fake("node2");
  const outs = await created(handlers, inputs());
  const news = await next(handlers, outs, { ...inputs(), profile: "today" } as ReturnType<typeof inputs>);
  t.true((await handlers.diff("id", outs, news)).changes);
  t.is((await handlers.update("id", outs, news)).outs.profile, "today");
  t.is(world.at, "node2");
});

test("a state of an older version is read as today's, and nothing changes", async (t) => {
  const { handlers } = fake("node1");
  const outs = await created(handlers, inputs());
  const {
    "node:node1": node1,
    "node:node2": node2,
    region,
    vpcId,
    routeTableIds,
    ...rest
  } = outs as State & ReturnType<typeof inputs>;
  const service = { region, vpcId, candidates: { node1, node2 } };
  const older = { ...rest, service, places: routeTableIds } as unknown as State;
  const news = await next(handlers, older, inputs());
  t.deepEqual(news, await next(handlers, outs, inputs()));
  t.false((await handlers.diff("id", older, news)).changes);
  await t.throwsAsync(
    handlers.diff("id", older, { ...news, service: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" }),
    { message: /written by an older version[^]*Run a plain update first/ },
  );
});

test("no diff ever asks for a replacement, whatever is unknown or changed", async (t) => {
  const { handlers } = fake("node1");
  const outs = await created(handlers, inputs());
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  const keys = ["region", "vpcId", "routeTableIds", "node:node2", "initial"] as const;
  for (const key of keys)
    for (const value of [unknown, "another"]) {
      const { replaces, deleteBeforeReplace } = await handlers.diff("id", outs, {
        ...(outs as State & ReturnType<typeof inputs>),
        [key]: value,
      });
      t.deepEqual([replaces, deleteBeforeReplace], [[], false], `${key} is ${value}`);
    }
});

test("a node that has the service can't be taken out of the program", async (t) => {
  const { handlers } = fake("node2");
  const outs = await created(handlers, inputs());
  const kept = Object.entries(inputs()).filter(([key]) => key !== "node:node2");
  const news = { ...Object.fromEntries(kept), "node:node3": { networkInterfaceId: "eni-3" } };
  const { failures } = await handlers.check(outs, news as unknown as ReturnType<typeof inputs>);
  t.regex(
    failures[0]?.reason ?? "",
    /is on node2, which would be no candidate any more; fail over first, to one of: node1, node3/,
  );
});
