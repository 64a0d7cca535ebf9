import type { ServerResponse } from "node:http";
import type { Gateway } from "../gateway/gateway";
import { jsonReply, type Reply } from "../gateway/reply";

/** Answers a request under `/_cloud/`; undefined if it has taken over the response itself. */
export async function answerAdmin(
  gateway: Gateway,
  method: string,
  target: string,
  body: string,
  response: ServerResponse,
): Promise<Reply | undefined> {
  const url = new URL(target, "http://localhost");
  const [, , topic = "", ...rest] = url.pathname.split("/");
  try {
    switch (`${method} ${topic}`) {
      case "GET health":
        return jsonReply(gateway.health(), gateway.health().ok ? 200 : 503);
      case "GET audit":
        return jsonReply(gateway.audit.since(Number(url.searchParams.get("since") ?? 0)));
      case "GET events":
        gateway.events.subscribe(response);
        return undefined;
      case "GET model": {
        const region = url.searchParams.get("region");
        if (region === null) throw new TypeError("Say which region: model?region=us-east-1");
        return jsonReply(await gateway.model(region));
      }
      case "GET settings":
        return jsonReply(gateway.settings);
      case "PUT settings":
        gateway.changeSettings(JSON.parse(body));
        return jsonReply(gateway.settings);
      case "GET faults":
        return jsonReply(gateway.faults.list());
      case "POST faults":
        return jsonReply(gateway.faults.add(JSON.parse(body)), 201);
      case "DELETE faults":
        return jsonReply({ removed: gateway.faults.remove(rest[0]) });
      case "GET instances":
        if (rest[1] !== "credentials") break;
        return jsonReply(await gateway.instanceCredentials(rest[0] ?? ""));
      case "POST instances":
      case "DELETE instances":
        if (rest[1] !== "impair") break;
        await gateway.impair(rest[0] ?? "", method === "POST");
        return jsonReply({ impaired: method === "POST" });
      case "POST reset":
        await gateway.reset();
        return jsonReply({ reset: true });
    }
    return jsonReply({ error: `There is no ${method} ${url.pathname}` }, 404);
  } catch (error) {
    if (error instanceof TypeError || error instanceof SyntaxError)
      return jsonReply({ error: error.message }, 400);
    throw error;
  }
}
