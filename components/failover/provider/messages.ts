/** How the provider's methods say what went wrong. */

/**
 * Pulumi prints the stack of what `diff`, `read` and `delete` throw. For a user's situation (no permission, no network) it
 * is noise, and it hides the message. A bug keeps its stack.
 */
export async function plainly<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TypeError || error instanceof ReferenceError) throw error;
    throw plain(`${what} failed: ${messageOf(error)}`);
  }
}

export function plain(message: string): Error {
  return Object.assign(new Error(message), { stack: "" });
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
