/** Where the services of a lab are at this moment, asked of AWS and not of the state. */
import { kinds } from "../../components/failover/mechanisms";
import { awsContext } from "../../components/failover/core/context";
import { flat, serviceOf, type Inputs } from "../../components/failover/provider/states";
import type { RunningLab } from "./running-lab";
import { servicesOf } from "../failover/services";
import { deploymentOf } from "./state";

// The SDK's notice about future versions of Node is for us who choose the version, not for who runs a command.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

/** @returns by service the node, or why there is no single one to name */
export async function whereServicesAre({ lab, env }: RunningLab): Promise<Record<string, string>> {
  // The clients of the moves take endpoint, credentials and more from the environment: here it has to be the lab's.
  for (const name of Object.keys(process.env))
    if (env[name] === undefined) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, env);
  const found = await Promise.all(
    servicesOf(deploymentOf(lab) ?? {}).map(async ({ name, kind, resource }): Promise<[string, string]> => {
      const locate = () =>
        kinds[kind].mechanism.locate(serviceOf(flat(resource.inputs as Inputs)), awsContext());
      return [name, await nodeOf(locate)];
    }),
  );
  return Object.fromEntries(found);
}

async function nodeOf(locate: () => Promise<{ state: string; node?: string }>): Promise<string> {
  try {
    const { state, node } = await locate();
    return node ?? `(${state})`;
  } catch (error) {
    // A summary is not worth failing for: the update itself has ended well.
    return `(not found out: ${error instanceof Error ? error.message : String(error)})`;
  }
}
