import { performance } from "node:perf_hooks";
import { type Step } from "./contract";

/** Times the steps of a move; a step that fails is listed too. */
export class Stopwatch {
  readonly steps: Step[] = [];

  async time<Result>(name: string, work: () => Promise<Result>, detail?: string): Promise<Result> {
    const begin = performance.now();
    try {
      return await work();
    } finally {
      const seconds = Math.round(performance.now() - begin) / 1000;
      this.steps.push(detail === undefined ? { name, seconds } : { name, seconds, detail });
    }
  }
}
