import { AwsError } from "../gateway/errors";
import type { Context, Handlers } from "../gateway/handler";
import { jsonReply, type Reply } from "../gateway/reply";

interface Page {
  Parameters: unknown[];
  NextToken?: string;
}

/** "The default value is 10" (as many as moto answers with); the most is 50. */
const DEFAULT_SIZE = 10;

/** SSM's list of parameters: moto's pages have ten entries, however many are asked for. */
export const parameterHandlers: Handlers = {
  "ssm:DescribeParameters": {
    run: async (context: Context): Promise<Reply> => {
      const { MaxResults, NextToken, ...own } = context.call.input as {
        MaxResults?: number;
        NextToken?: string;
      };
      const start = NextToken === undefined ? 0 : placeOf(NextToken);
      const all: unknown[] = [];
      let token: string | undefined;
      do {
        const reply = await context.forwardInput({
          ...own,
          ...(token === undefined ? {} : { NextToken: token }),
        });
        if (reply.status >= 400) return reply;
        const page = JSON.parse(reply.body) as Page;
        all.push(...page.Parameters);
        token = page.NextToken;
      } while (token !== undefined && token !== "");
      const end = start + (MaxResults ?? DEFAULT_SIZE);
      const next = end < all.length ? { NextToken: Buffer.from(`from:${end}`).toString("base64url") } : {};
      return jsonReply({ Parameters: all.slice(start, end), ...next });
    },
  },
};

function placeOf(token: string): number {
  const place = /^from:(\d+)$/.exec(Buffer.from(token, "base64url").toString("utf8"))?.[1];
  if (place === undefined) throw new AwsError("InvalidNextToken", "The specified token is not valid.");
  return Number(place);
}
