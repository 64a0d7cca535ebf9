/**
 * A mover that has lost its update tries on until the move's time is over. When nobody even listens at the API's address,
 * as after a lab was taken down, there is nothing to move any more.
 */
import { performance } from "node:perf_hooks";
import type { Call } from "../core/calls";
import type { Context } from "../core/context";
import { codeOf } from "../core/errors";

/** For how long connections have to be refused, in seconds. */
const REFUSED = 5;

/** @param giveUp called when connections have been refused for some seconds, and nobody waits for the move any more */
export function untilNobodyAnswers(context: Context, giveUp: () => void): Context {
  let since: number | undefined;
  const watched =
    <Input, Output>(call: Call<Input, Output>): Call<Input, Output> =>
    async (input, options) => {
      try {
        const output = await call(input, options);
        since = undefined;
        return output;
      } catch (error) {
        if (codeOf(error) !== "ECONNREFUSED") since = undefined;
        else {
          since ??= performance.now();
          if (!process.connected && performance.now() - since > REFUSED * 1000) giveUp();
        }
        throw error;
      }
    };
  const all = <Calls extends object>(calls: Calls): Calls =>
    Object.fromEntries(
      Object.entries(calls).map(([name, call]) => [name, watched(call as Call<unknown, unknown>)]),
    ) as Calls;
  return {
    ...context,
    ec2: async (region) => all(await context.ec2(region)),
    route53: async (region) => all(await context.route53(region)),
    calls: async (region, connect) => all(await context.calls(region, connect)),
  };
}
