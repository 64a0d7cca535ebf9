import type { NetworkPlan } from "../plan/types";
import { Filters } from "./filter";
import { Links } from "./links";
import { configureRouter, makeRouter } from "./router";
import { run } from "./run";
import { namespaces, readRouter, type RouterState } from "./state";

/**
 * The routers of a lab, in the kernel. It lives as long as its process, in namespaces of its own: what was made is
 * remembered, so that a change costs no look at the rest; looking finds what somebody else has disturbed.
 */
export class KernelNetwork {
  private readonly states = new Map<string, RouterState>();
  private readonly links = new Links();
  private readonly filters = new Filters();

  /**
   * Makes the kernel's state what the plan says; what is so already isn't touched.
   *
   * @param look whether to look at what there is, instead of relying on what was made
   */
  async apply(plan: NetworkPlan, look: boolean): Promise<void> {
    try {
      await this.attempt(plan, look);
    } catch (error) {
      // A host that died took its link along, and with it routes that were to be removed: look, and go on from there.
      if (look) throw error;
      await this.attempt(plan, true);
    }
  }

  private async attempt(plan: NetworkPlan, look: boolean): Promise<void> {
    if (look) await this.look();
    for (const name of [...this.states.keys()]) {
      if (plan.routers.some(({ namespace }) => namespace === name)) continue;
      await run("ip", ["netns", "delete", name]);
      this.forget(name);
    }
    for (const { namespace } of plan.routers) {
      if (this.states.has(namespace)) continue;
      await makeRouter(namespace);
      this.states.set(namespace, await readRouter(namespace));
    }
    // The filters come before the links: nothing passes unfiltered.
    await Promise.all(plan.routers.map((one) => this.filters.configure(one.namespace, one.filter, look)));
    await this.links.configure(plan.links, look ? this.devices() : new Map());
    await Promise.all(
      plan.routers.map(async (router) => {
        const { namespace } = router;
        const ends = plan.links.flatMap((link) => link.ends.filter((end) => end.namespace === namespace));
        const present = this.states.get(namespace) ?? (await readRouter(namespace));
        this.states.set(namespace, await configureRouter(router, ends, present));
      }),
    );
  }

  private async look(): Promise<void> {
    const present = await namespaces();
    for (const name of [...this.states.keys()]) {
      if (present.has(name)) this.states.set(name, await readRouter(name));
      else this.forget(name);
    }
  }

  private devices(): Map<string, ReadonlySet<string>> {
    return new Map([...this.states].map(([name, { devices }]) => [name, new Set(devices.keys())]));
  }

  private forget(namespace: string): void {
    this.states.delete(namespace);
    this.filters.forget(namespace);
  }
}
