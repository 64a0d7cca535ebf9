import { performance } from "node:perf_hooks";
import test from "ava";
import { contains, parseHost } from "../../../components/failover/core/addresses";
import { normalName } from "../../../components/failover/mechanisms/service-name/record";
import { freeIndex } from "../../../components/failover/mechanisms/floating-eni/service";
import { kindOf, type Kind, NoReply } from "../../../components/failover/core/errors";
import { awaitState, deadlineIn, inParallel, persist } from "../../../components/failover/core/retry";
import { FakeAwsError } from "./faults";
import { inVirtualTime, pause } from "./virtual-time";

test("an error's kind decides what a move does next", (t) => {
  const cases: [unknown, Kind][] = [
    [new FakeAwsError("RequestLimitExceeded", 503), "throttled"],
    [new FakeAwsError("PriorRequestNotComplete", 400), "throttled"],
    [new FakeAwsError("Throttling", 400), "throttled"],
    [new FakeAwsError("Whatever", 429), "throttled"],
    [new FakeAwsError("UnauthorizedOperation", 403), "denied"],
    [new FakeAwsError("CredentialsProviderError"), "denied"],
    [new FakeAwsError("InvalidRouteTableID.NotFound"), "gone"],
    [new FakeAwsError("NoSuchHostedZone", 404), "gone"],
    [new FakeAwsError("InternalError", 500), "unanswered"],
    [new FakeAwsError("Whatever", 502), "unanswered"],
    [new NoReply(5), "unanswered"],
    [Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }), "unanswered"],
    [Object.assign(new AggregateError([]), { code: "ECONNREFUSED" }), "unsent"],
    [new FakeAwsError("TimeoutError", 0, "Socket timed out without establishing a connection"), "unsent"],
    [new FakeAwsError("InvalidParameterValue"), "impossible"],
    [new TypeError("a bug"), "impossible"],
    ["thrown text", "impossible"],
    [undefined, "impossible"],
  ];
  for (const [error, kind] of cases) t.is(kindOf(error), kind, String(error));
});

test("one address in CIDR notation, and nothing else, is a host", (t) => {
  t.is(parseHost("192.168.10.1/32")?.cidr, "192.168.10.1/32");
  t.is(parseHost("2001:DB8:0::1/128")?.cidr, "2001:db8::1/128");
  for (const text of [
    "192.168.10.1",
    "192.168.10.0/24",
    "192.168.10.1/32/32",
    "300.1.1.1/32",
    "fd00::1/64",
    "fe80::1%eth0/128",
    "",
  ])
    t.is(parseHost(text), undefined, text);
});

test("a CIDR contains its own addresses only", (t) => {
  const host = parseHost("10.0.255.255/32");
  if (host === undefined) throw new Error("no host");
  t.true(contains("10.0.0.0/16", host));
  t.false(contains("10.1.0.0/16", host));
  t.false(contains("::/0", host));
});

test("names are compared as Route 53 gives them", (t) => {
  t.is(normalName("MyService.AWSlab.mycompany.corp"), "myservice.awslab.mycompany.corp.");
  t.is(normalName("\\052.example.com."), "*.example.com.");
});

test("a free device index is never the primary one", (t) => {
  t.is(freeIndex(new Set()), 1);
  t.is(freeIndex(new Set([0, 1, 2])), 3);
  t.is(freeIndex(new Set([0]), 4), 4);
  t.is(freeIndex(new Set([0, 4]), 4), 1);
});

test.serial("a call that stays silent is given up at its limit, aborted, and tried again", async (t) => {
  await inVirtualTime(1, async () => {
    const signals: AbortSignal[] = [];
    const call = ({ abortSignal }: { abortSignal: AbortSignal }): Promise<string> => {
      signals.push(abortSignal);
      return signals.length < 3 ? new Promise(() => undefined) : Promise.resolve("answer");
    };
    const start = performance.now();
    t.is(await persist(call, { deadline: deadlineIn(60), perCall: 5 }), "answer");
    t.deepEqual(
      signals.map(({ aborted }) => aborted),
      [true, true, false],
    );
    t.true(performance.now() - start < 11_000);
  });
});

test.serial("nothing is begun after the deadline, and what can't pass isn't tried again", async (t) => {
  await inVirtualTime(1, async () => {
    const times: number[] = [];
    const start = performance.now();
    const throttled = (): Promise<never> => {
      times.push(performance.now() - start);
      return Promise.reject(new FakeAwsError("Throttling"));
    };
    await t.throwsAsync(persist(throttled, { deadline: deadlineIn(10), perCall: 5 }), { name: "Throttling" });
    t.true(times.length > 3);
    t.true(Math.max(...times) <= 10_000, String(Math.max(...times)));
    let denials = 0;
    const denied = (): Promise<never> => {
      denials += 1;
      return Promise.reject(new FakeAwsError("AccessDenied"));
    };
    await t.throwsAsync(persist(denied, { deadline: deadlineIn(10), perCall: 5 }), { name: "AccessDenied" });
    t.is(denials, 1);
  });
});

test.serial("a state is awaited until it's there, until the deadline, or until looking fails", async (t) => {
  await inVirtualTime(1, async () => {
    const pauses = { first: 0.2, longest: 2 };
    t.is(
      await awaitState(
        (attempt) => Promise.resolve(attempt > 4 ? "there" : undefined),
        deadlineIn(60),
        pauses,
      ),
      "there",
    );
    t.is(await awaitState(() => Promise.resolve(undefined), deadlineIn(5), pauses), undefined);
    const failing = awaitState(() => Promise.reject(new Error("no look")), deadlineIn(5), pauses);
    await t.throwsAsync(failing, { message: "no look" });
  });
});

test.serial("work in parallel keeps its width and its order", async (t) => {
  await inVirtualTime(1, async () => {
    let now = 0;
    let most = 0;
    const results = await inParallel([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
      now += 1;
      most = Math.max(most, now);
      await pause(10 - item);
      now -= 1;
      return item * 2;
    });
    t.deepEqual(results, [2, 4, 6, 8, 10, 12, 14]);
    t.is(most, 3);
  });
});
