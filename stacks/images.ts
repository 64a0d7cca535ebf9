import type * as pulumi from "@pulumi/pulumi";
import { latestImage } from "../components/nodes/image";
import { architectureOf, type NodeSystem } from "../components/nodes/systems.plan";

/**
 * The newest image for an instance type, looked up once per architecture. A look-up that is still under way when the
 * engine refuses a failover ends the program with an error of its own, which would bury the reason.
 */
export function imagesOf(system: NodeSystem): (instanceType: string) => pulumi.Output<string> {
  const found = new Map<string, pulumi.Output<string>>();
  return (instanceType) => {
    const architecture = architectureOf(instanceType);
    const image = found.get(architecture) ?? latestImage(system, instanceType, {});
    found.set(architecture, image);
    return image;
  };
}
