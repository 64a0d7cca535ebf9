import type { FailoverOrder } from "../../stacks/failover/order";
import { UserError } from "./command";
import { runProgram } from "./processes";
import { type Deployment, deploymentOf } from "./state";
import type { Target } from "./target";

/** The stack's state: the lab's own from its file, which costs nothing, any other one from its backend. */
async function deployment(place: Target): Promise<Deployment> {
  if (place.offline !== undefined) return deploymentOf(place.offline) ?? {};
  const { code, stdout, stderr } = await runProgram(
    place.pulumi,
    ["stack", "export", "--stack", place.stack],
    {
      cwd: place.root,
      env: place.env,
      output: "capture",
    },
  );
  if (code !== 0) throw new UserError(`The state of stack ${place.stack} could not be read:\n${stderr}`);
  return (JSON.parse(stdout) as { deployment?: Deployment }).deployment ?? {};
}

/** What the reduced program needs to know of a service. @throws UserError when the stack has no such service */
export async function readOrder(
  place: Target,
  urn: string,
  wanted: Pick<FailoverOrder, "kind" | "name" | "active">,
): Promise<FailoverOrder> {
  const { resources = [] } = await deployment(place);
  const service = resources.find((resource) => resource.urn === urn);
  if (service?.inputs === undefined) {
    throw new UserError(
      `Stack ${place.stack} has no service ${wanted.name}. Build it first: npm run lab, or pulumi up.`,
    );
  }
  const stack = resources.find((resource) => resource.type === "pulumi:pulumi:Stack");
  const inputs = Object.fromEntries(
    Object.entries(service.inputs).filter(
      ([key]) => !["active", "activeNode"].includes(key) && !key.startsWith("__"),
    ),
  );
  return {
    ...wanted,
    inputs: inputs as unknown as FailoverOrder["inputs"],
    dependencies: service.dependencies ?? [],
    outputs: stack?.outputs ?? {},
  };
}
