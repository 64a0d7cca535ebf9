import { run } from "./run";

/** The rulesets of the routers. */
export class Filters {
  private readonly loaded = new Map<string, { readonly text: string; readonly listing: string }>();

  /**
   * Loads a router's ruleset, whole, unless it is there already.
   *
   * @param look whether to look if somebody else has changed it
   */
  async configure(namespace: string, text: string, look: boolean): Promise<void> {
    const known = this.loaded.get(namespace);
    if (known?.text === text && (!look || known.listing === (await listing(namespace)))) return;
    // One transaction: there is no moment without rules.
    await run("ip", ["netns", "exec", namespace, "nft", "-f", "-"], `flush ruleset\n${text}`);
    this.loaded.set(namespace, { text, listing: await listing(namespace) });
  }

  forget(namespace: string): void {
    this.loaded.delete(namespace);
  }
}

function listing(namespace: string): Promise<string> {
  return run("ip", ["netns", "exec", namespace, "nft", "-s", "list", "ruleset"]);
}
