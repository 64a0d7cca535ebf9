import { randomBytes } from "node:crypto";

/** Seconds: a token is good for six hours at most. */
const LONGEST_TTL = 21_600;

/** Session tokens, each good for one instance. */
export class Tokens {
  private readonly known = new Map<string, { instanceId: string; end: number }>();

  /**
   * Makes a token.
   *
   * @param ttl seconds, as the header has it
   * @returns undefined if that is not a whole number from 1 to 21600
   */
  issue(instanceId: string, ttl: unknown, now: number): { token: string; ttl: number } | undefined {
    const seconds = typeof ttl === "string" && /^\d{1,5}$/.test(ttl) ? Number(ttl) : 0;
    if (seconds < 1 || seconds > LONGEST_TTL) return undefined;
    for (const [token, { end }] of this.known) if (end <= now) this.known.delete(token);
    const token = `${randomBytes(40).toString("base64url")}==`;
    this.known.set(token, { instanceId, end: now + seconds * 1000 });
    return { token, ttl: seconds };
  }

  /** Seconds for which the token is good for the instance; undefined if it is not. */
  left(instanceId: string, token: unknown, now: number): number | undefined {
    const known = typeof token === "string" ? this.known.get(token) : undefined;
    if (known?.instanceId !== instanceId || known.end <= now) return undefined;
    return Math.ceil((known.end - now) / 1000);
  }
}
