/**
 * The probing client as a process in the network of a client. Its target comes as one JSON argument; it writes each request
 * as one line of JSON, and ends when its standard input does, after the last request.
 */
import type { Request } from "./answers";
import { type ProbeTarget, sendRequests } from "./requests";

const target = JSON.parse(process.argv[2] ?? "") as ProbeTarget;
const stop = sendRequests(target, (one: Request) => process.stdout.write(`${JSON.stringify(one)}\n`));
process.stdin.on("end", () => {
  stop().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
});
process.stdin.resume();
