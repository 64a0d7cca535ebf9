/**
 * The process that carries one move out; `client.ts` starts it. Arguments: the checkout, and the kind of service. It ends
 * when its provider has got the reply; one that has lost its provider goes on to the move's end, and leaves what came of
 * it in the journal.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { type Kind, kinds } from "../mechanisms";
import { awsContext, type Context } from "../core/context";
import { MoveFailed } from "../core/contract";
import { untilNobodyAnswers } from "./abandoned";
import { isUnderWay, type MoveRecord, readRecord, removeRecord, writeRecord } from "./journal";
import { failureOf, type Reply, type Request } from "./protocol";

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

const [root = process.cwd(), kind] = process.argv.slice(2);
let isMoving = false;

/** The SDK's client loads while the provider still asks whether the move may begin. */
void kinds[kind as Kind].load();

process.once("message", (request) => {
  isMoving = true;
  work(request as Request).then(end, (error: unknown) => {
    // What is not the move's failure is ours, e.g. a full disk under the journal.
    reply({ failure: failureOf(error) }, end);
  });
});
process.on("disconnect", () => {
  if (!isMoving) process.exit(0);
});
// Whoever ends an update ends everything that belongs to it; a move that has begun is not meant.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => {
    if (!isMoving) process.exit(0);
  });

function end(): void {
  isMoving = false;
  if (!process.connected) process.exit(0);
}

function reply(message: Reply, done: () => void): void {
  if (process.connected && process.send !== undefined) process.send(message, undefined, undefined, done);
  else done();
}

async function work(request: Request): Promise<void> {
  await othersToEnd(request);
  const { mechanism, longest } = kinds[request.kind];
  const record: MoveRecord = {
    pid: process.pid,
    kind: request.kind,
    id: request.id,
    label: request.label,
    to: request.to,
    startedAt: new Date().toISOString(),
    deadlineSeconds: longest(request.service),
    state: "running",
  };
  writeRecord(root, record);
  const context: Context = untilNobodyAnswers(
    awsContext(request.profile === undefined ? {} : { profile: request.profile }),
    () => {
      const message = "nobody answers at the API's address any more, so it was given up";
      writeRecord(root, { ...record, state: "done", outcome: "failed", message });
      process.exit(1);
    },
  );
  let answer: Reply;
  let ended: Pick<MoveRecord, "outcome" | "message">;
  try {
    const report = await mechanism.move(request.service, request.to, context);
    answer = { report };
    ended = { outcome: report.moved ? "moved" : "unchanged", message: report.warnings.join("\n") };
  } catch (error) {
    answer = { failure: failureOf(error) };
    const message = error instanceof Error ? error.message : String(error);
    ended = { outcome: error instanceof MoveFailed ? error.outcome : "failed", message };
  }
  if (process.connected) {
    removeRecord(root, record);
    await new Promise<void>((resolve) => {
      reply(answer, resolve);
    });
  } else writeRecord(root, { ...record, ...ended, state: "done" });
}

/** An earlier move of the same service that lost its update: two at once would fight. */
async function othersToEnd(request: Request): Promise<void> {
  for (;;) {
    const other = readRecord(root, request);
    if (other === undefined || other.pid === process.pid || !isUnderWay(other)) return;
    await sleep(100);
  }
}
