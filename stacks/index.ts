import { setTimeout } from "node:timers/promises";
import { getPartition } from "@pulumi/aws/getPartition";
import { DynamicProviders } from "../components/loader/checkout-resource";

/**
 * The stack. The engine starts a plugin when it first hears of it; so it hears of both before the program itself is
 * loaded, and the plugins start in the meantime.
 */
export = async (): Promise<unknown> => {
  const dynamic = new DynamicProviders("failover");
  // Asks nobody but the plugin, which is what it is for.
  const awsPlugin = getPartition();
  await setTimeout(5); // until the requests have left this process: loading blocks it
  const { lab } = await import("./lab");
  const outputs = await lab(dynamic);
  await awsPlugin;
  return outputs;
};
