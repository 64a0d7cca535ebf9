import test from "ava";
import fc from "fast-check";
import { type NodeNow, planRollOut, sameSettings } from "../../../components/nodes/pair-settings.plan";

const settings = fc.record({
  instanceType: fc.constantFrom("t3.micro", "t3.small", "t4g.small"),
  keyName: fc.option(fc.constantFrom("one", "two"), { nil: undefined }),
});
const now = fc.option(fc.record({ settings, services: fc.subarray(["overlay IP", "service name"]) }), {
  nil: undefined,
});
const pair = fc.record({ node1: now, node2: now, node3: now });
const names = ["node1", "node2", "node3"];

test("one node at most is changed in an update, none that has a service, and the others are named with a reason", (t) => {
  fc.assert(
    fc.property(pair, settings, (found: Record<string, NodeNow | undefined>, wanted) => {
      const plan = planRollOut(names, wanted, found);
      const changed = names.filter((node) => {
        const before = found[node];
        const after = plan.nodes[node];
        return before !== undefined && (after === undefined || !sameSettings(before.settings, after));
      });
      t.true(changed.length <= 1);
      t.deepEqual(changed, plan.next === undefined ? [] : [plan.next]);
      for (const node of changed) t.deepEqual(found[node]?.services, []);
      const late = names.filter((node) => {
        const after = plan.nodes[node];
        return after !== undefined && !sameSettings(after, wanted);
      });
      t.deepEqual(
        late,
        plan.waiting.map(({ node }) => node),
      );
      for (const { node, reason } of plan.waiting)
        t.regex(reason, (found[node]?.services.length ?? 0) > 0 ? /fail over first/ : /run this again/);
      for (const node of names) if (found[node] === undefined) t.deepEqual(plan.nodes[node], wanted);
    }),
  );
});

test("updates and failovers in turns bring every node to what is wanted", (t) => {
  fc.assert(
    fc.property(pair, settings, (found: Record<string, NodeNow | undefined>, wanted) => {
      let state: Record<string, NodeNow> = Object.fromEntries(
        names.map((node) => [node, { settings: found[node]?.settings ?? wanted, services: [] }]),
      );
      for (let turn = 0; turn < 6; turn++) {
        const active = names[turn % 2] ?? "node1"; // whoever has the services now
        state = Object.fromEntries(
          Object.entries(state).map(([node, one]) => [
            node,
            { ...one, services: node === active ? ["overlay IP"] : [] },
          ]),
        );
        const { nodes } = planRollOut(names, wanted, state);
        state = Object.fromEntries(
          Object.entries(state).map(([node, one]) => [
            node,
            { ...one, settings: nodes[node] ?? one.settings },
          ]),
        );
      }
      for (const node of names) t.true(sameSettings(state[node]?.settings ?? wanted, wanted));
    }),
  );
});
