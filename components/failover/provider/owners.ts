/**
 * Which services other resources have. A service whose component was renamed, or is declared twice, belongs to two
 * resources for a while: the new one adopts it, and the old one's end must not take it away.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { messageOf } from "./messages";
import { say } from "./say";

/** Those of the update that this process serves: the engine asks for a check of each resource that stays. */
const claimed = new Set<string>();

export function claim(service: string): void {
  claimed.add(service);
}

export function isClaimed(service: string): boolean {
  return claimed.has(service);
}

interface Exported {
  readonly deployment?: {
    readonly resources?: readonly {
      readonly id?: string;
      readonly type: string;
      readonly delete?: boolean;
    }[];
  };
}

/** How many resources are left that have the service, by service, as far as this process knows. */
const left = new Map<string, Promise<number>>();

/**
 * Whether another resource of the stack has it still when this one is deleted. A destroy, and an update of some resources
 * only, checks none of the others, so the stack's state is asked. Of several that are deleted together the last one is
 * left with it.
 */
export async function isOwnedByAnother(
  stack: string | undefined,
  type: string,
  id: string,
): Promise<boolean> {
  if (stack === undefined) return false; // a state of an older version doesn't say which stack it is
  const before = left.get(id) ?? countOwners(stack, type, id);
  const after = before.then((count) => count - 1);
  left.set(id, after);
  return (await after) > 0;
}

async function countOwners(stack: string, type: string, id: string): Promise<number> {
  try {
    const { stdout } = await promisify(execFile)("pulumi", ["stack", "export", "--stack", stack], {
      env: withoutTracing(process.env),
      maxBuffer: 1 << 30,
      timeout: 60_000,
    });
    const { resources = [] } = (JSON.parse(stdout) as Exported).deployment ?? {};
    return resources.filter((one) => one.id === id && one.type === type && one.delete !== true).length;
  } catch (error) {
    say(
      `warning: whether another resource has ${id} could not be found out (${messageOf(error)}); it is taken for no other's.`,
    );
    return 1;
  }
}

/** The engine lets its plugins report traces to it; another Pulumi would look its host up for that, by DNS. */
function withoutTracing(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.includes("OTLP")));
}
