/** What a probing client's requests say of an outage. */
import test from "ava";
import fc from "fast-check";
import type { Request } from "../../cloud/probe/answers";
import { outageOf } from "../../cloud/probe/outage";

/** A request each 10 ms from 1000 on, answered after 2 ms by the node that the letter names; a dot is lost after 500 ms. */
function requests(nodes: string): Request[] {
  return [...nodes].map((node, i) => {
    const sent = 1000 + 10 * i;
    return node === "."
      ? { sent, ended: sent + 500, error: "no answer" }
      : { sent, ended: sent + 2, by: node };
  });
}

test("first and last lost, how many, the longest gap, and who answered when", (t) => {
  t.deepEqual(outageOf(requests("aa..abbb"), 1000), {
    ...{ requests: 8, lost: 2, firstLost: 0.02, lastLost: 0.03 },
    ...{ longestGap: 0.03, longestGapFrom: 0.012 },
    answered: [
      { node: "a", from: 0.002, to: 0.042, answers: 3 },
      { node: "b", from: 0.052, to: 0.072, answers: 3 },
    ],
    reasons: { "no answer": 2 },
  });
});

test("nothing lost is said by leaving it out; nothing answered, too", (t) => {
  const fine = outageOf(requests("aab"), 1000);
  t.deepEqual([fine.lost, fine.firstLost, fine.lastLost, fine.longestGap], [0, undefined, undefined, 0.01]);
  const dead = outageOf(requests(".."), 1000);
  t.deepEqual([dead.lost, dead.answered, dead.longestGap], [2, [], 0.01]);
  const begun = outageOf(requests("...a..."), 1000);
  t.deepEqual([begun.longestGap, begun.longestGapFrom], [0.032, 0]);
  t.deepEqual(outageOf([], 0).answered, []);
});

test("a node that answers again after another one is told again", (t) => {
  const nodes = outageOf(requests("aba"), 1000).answered.map(({ node }) => node);
  t.deepEqual(nodes, ["a", "b", "a"]);
});

test("an answer that was long under way counts when it came, a lost request when it was sent", (t) => {
  const late: Request[] = [
    { sent: 0, ended: 1, by: "a" },
    { sent: 10, ended: 900, by: "a" },
    { sent: 20, ended: 520, error: "no answer" },
  ];
  const found = outageOf(late, 0);
  t.deepEqual([found.longestGap, found.firstLost, found.lastLost], [0.899, 0.02, 0.02]);
});

test("whatever is seen, in whatever order it is told: counts add up, and no gap is longer than it all", (t) => {
  const some = fc
    .array(fc.constantFrom("a", "b", "."), { maxLength: 40 })
    .map((nodes) => requests(nodes.join("")));
  const shuffled = some.chain((list) => fc.shuffledSubarray(list, { minLength: list.length }));
  fc.assert(
    fc.property(shuffled, (list) => {
      const found = outageOf(list, 1000);
      const answers = found.answered.reduce((sum, one) => sum + one.answers, 0);
      t.deepEqual(found, outageOf([...list].reverse(), 1000));
      return answers + found.lost === list.length && found.longestGap <= 0.01 * list.length;
    }),
  );
});
