import { request } from "node:http";
import type { ChangeEvent } from "./events";

/**
 * Calls `listener` for every change from now on. Resolves once subscribed, to a function that ends it.
 *
 * @param url of the cloud, such as `http://127.0.0.1:4577`
 * @param ended is called when the stream is over, whoever ended it
 * @throws if nothing listens there
 */
export function subscribe(
  url: string,
  listener: (event: ChangeEvent) => void,
  ended?: () => void,
): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${url}/_cloud/events`, (answer) => {
      let buffered = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => {
        const messages = (buffered + chunk).split("\n\n");
        buffered = messages.pop() ?? "";
        for (const message of messages) {
          const data = /^data: (.*)$/m.exec(message)?.[1];
          if (data !== undefined && /^event: change$/m.test(message))
            listener(JSON.parse(data) as ChangeEvent);
          else resolve(() => outgoing.destroy());
        }
      });
      answer.on("close", () => ended?.());
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}
