/**
 * Something that is wrong with a value somebody gave, as a value: planners collect them all, and whoever called
 * the planner reports them together.
 */
export interface Problem {
  /** Argument or config key that is at fault; unset when the caller knows it better. */
  key?: string;
  /** What was found, and why that cannot work. One sentence without a full stop. */
  reason: string;
  /** What to do about it. One sentence without a full stop. */
  remedy: string;
}

/** A value, or every reason why there is none. `problems` is never empty. */
export type Planned<T> = { ok: true; value: T } | { ok: false; problems: Problem[] };

/** Wraps a value that is fine. */
export function planned<T>(value: T): Planned<T> {
  return { ok: true, value };
}

/** Refuses, for the reasons given. */
export function refused<T>(...problems: Problem[]): Planned<T> {
  return { ok: false, problems };
}

/** `key: reason; remedy`, one problem a line, for error messages. */
export function describeProblems(problems: readonly Problem[]): string {
  return problems.map((p) => `${p.key ? `${p.key}: ` : ""}${p.reason}; ${p.remedy}`).join("\n");
}
