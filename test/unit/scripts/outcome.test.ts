import test from "ava";
import { AFTERMATH } from "../../../components/failover/core/contract";
import { readEvents } from "../../../scripts/failover/events";
import { outcomeOf } from "../../../scripts/failover/outcome";
import type { EndedApart } from "../../../scripts/lib/processes";

const urn = "urn:pulumi:s::p::t::overlay";
const of = (op: string, outputs?: object) => ({ metadata: { op, urn, new: { outputs } } });
const begin = { preludeEvent: {} };
const reached = { resourcePreEvent: of("update") };
const done = { resOutputsEvent: of("update", { activeNode: "node2" }) };
const unchanged = { resOutputsEvent: of("same", { activeNode: "node2" }) };
const failed = { resOpFailedEvent: { ...of("update", { location: "at" }), status: 2 } };
const leftMixed = { resOpFailedEvent: { ...of("update", { location: "mixed" }), status: 1 } };
const end = { summaryEvent: { result: "failed" } };
const error = (message: string) => ({ diagnosticEvent: { severity: "error", message, urn } });

const ended = (events: readonly object[], rest: Partial<EndedApart>): EndedApart => ({
  code: 1,
  stderr: "",
  stdout: events.map((event) => `${JSON.stringify(event)}\n`).join(""),
  ...rest,
});

type Case = readonly [what: string, outcome: string, events: readonly object[], ended?: Partial<EndedApart>];

const cases: readonly Case[] = [
  ["moved", "done", [begin, reached, done, end], { code: 0 }],
  ["there already", "done", [begin, unchanged, end], { code: 0 }],
  ["the file backend's lock", "locked", [], { stderr: "error: the stack is currently locked by 1 lock(s)." }],
  [
    "the service's lock",
    "locked",
    [],
    { stderr: "[409] Conflict: Another update is currently in progress." },
  ],
  ["a stack that does not exist", "unchanged", [], { stderr: "error: no stack named 'x' found" }],
  ["a refused check", "unchanged", [begin, error("node2 is stopped"), end]],
  ["a program that ended before the resource", "unchanged", [begin, error("Program exited"), end]],
  ["a failed move, nothing changed", "unchanged", [begin, reached, failed, error(AFTERMATH.unchanged), end]],
  ["a failed move, taken back", "unchanged", [begin, reached, failed, error(AFTERMATH.undone), end]],
  ["a failed move, left in between", "mixed", [begin, reached, leftMixed, error(AFTERMATH.mixed), end]],
  ["a provider that ended in mid-move", "unknown", [begin, reached, failed, error("Unavailable: EOF"), end]],
  ["a program that ended in mid-move", "unknown", [begin, reached, done, error("ended by SIGKILL"), end]],
  ["Pulumi killed before anything was seen", "unknown", [begin], { killedBy: "SIGKILL" }],
  ["Pulumi killed before it said anything", "unknown", [], { killedBy: "SIGKILL" }],
  ["Pulumi killed in mid-move", "unknown", [begin, reached], { killedBy: "SIGKILL" }],
  ["Pulumi killed after the move", "unknown", [begin, reached, done], { killedBy: "SIGKILL" }],
  ["events that break off, although the exit code is 0", "unknown", [begin, reached, done], { code: 0 }],
  ["no conclusion", "unknown", [begin, reached, failed, error(AFTERMATH.undone)]],
];

for (const [what, outcome, events, rest = {}] of cases)
  test(`${what}: ${outcome}`, (t) => {
    const update = ended(events, rest);
    t.is(outcomeOf(update, readEvents(update.stdout, urn)), outcome as ReturnType<typeof outcomeOf>);
  });

test("a line that was cut off is no event, and breaks nothing", (t) => {
  const update = ended([begin, reached], { killedBy: "SIGKILL" });
  t.is(outcomeOf(update, readEvents(`${update.stdout}{"resOutputsEv`, urn)), "unknown");
});
