import type { CloudModel } from "./cloud-model";
import { readModel } from "./read";
import { subscribe } from "./subscribe";

export interface Following {
  /** Ends it. */
  close(): void;
}

/**
 * Hands over what is in the fake AWS now, and again after every change; changes that come quickly one after the other
 * may be handed over together, and the newest always is.
 *
 * @param took is told of each in turn, the next one when its promise is fulfilled
 * @param lost is called once if the cloud ends, does not answer, or `took` fails
 */
export async function follow(
  url: string,
  region: string,
  took: (model: CloudModel) => Promise<void> | void,
  lost: (reason: Error) => void,
): Promise<Following> {
  let wanted = true;
  let busy = false;
  let closed = false;
  const fail = (reason: unknown): void => {
    if (closed) return;
    closed = true;
    stop();
    lost(reason instanceof Error ? reason : new Error(String(reason)));
  };
  const handOver = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    while (wanted && !closed) {
      wanted = false;
      await took(await readModel(url, region));
    }
    busy = false;
  };
  const changed = (): void => {
    wanted = true;
    handOver().catch(fail);
  };
  const stop = await subscribe(url, changed, () => {
    fail(new Error(`The offline cloud at ${url} has ended the stream of its changes.`));
  });
  changed();
  return {
    close: () => {
      closed = true;
      stop();
    },
  };
}
