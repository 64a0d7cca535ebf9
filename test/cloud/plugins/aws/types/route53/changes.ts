import { until } from "../../../frame/wait";
import { type AwsContext } from "../../context";

/** Waits until Route 53's own servers all know a change; "generally within 60 seconds" says its documentation. */
export async function inSync(context: AwsContext, changeId: string | undefined): Promise<void> {
  if (changeId === undefined) return;
  await until(context, `Route 53 change ${changeId} to be INSYNC`, async () => {
    const { ChangeInfo } = await context.route53("GetChange", { Id: bare(changeId) });
    return ChangeInfo?.Status === "INSYNC" ? true : undefined;
  });
}

/** `/hostedzone/Z123` and `/change/C123` are Z123 and C123. */
export const bare = (id: string): string => id.replace(/^\/(hostedzone|change)\//, "");

/** Route 53 takes one change per zone at a time. */
export const BUSY = [
  "PriorRequestNotComplete",
  "ConcurrentModification",
  "Throttling",
  "ThrottlingException",
];

/** Octal escapes, as Route 53 gives `*` and other signs: `\052.example.com`. */
export const unescaped = (name: string): string =>
  name.replace(/\\(\d{3})/g, (_, code: string) => String.fromCharCode(parseInt(code, 8)));

export const withoutDot = (name: string): string => name.replace(/\.$/, "");
