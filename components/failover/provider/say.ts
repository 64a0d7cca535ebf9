/**
 * Tells whoever runs the update something that is no error. The engine shows what a provider's process prints among its
 * diagnostics, of a preview too.
 */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
