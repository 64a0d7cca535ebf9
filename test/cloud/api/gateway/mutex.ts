/** Lets one task run at a time, in the order of asking. */
export class Mutex {
  private last: Promise<unknown> = Promise.resolve();

  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.last.then(task, task);
    this.last = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }
}
