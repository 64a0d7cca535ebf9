/** What is answered to a call, whoever answers it. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export function xmlReply(body: string, status = 200): Reply {
  return { status, headers: { "content-type": "text/xml;charset=UTF-8" }, body };
}

export function jsonReply(value: unknown, status = 200): Reply {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(value) };
}
