/** What a probing client saw, request by request. Times are the kernel's monotonic clock, the same for all processes. */

/** One request and what became of it. */
export interface Request {
  /** When it was sent, in milliseconds. */
  readonly sent: number;
  /** When it was answered, or given up. */
  readonly ended: number;
  /** Who answered. */
  readonly by?: string;
  /** Why it is lost. */
  readonly error?: string;
}

/** The kernel's monotonic clock, in milliseconds. */
export function monotonic(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
