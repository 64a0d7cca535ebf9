/**
 * The stack, reduced to the one service that fails over. A failover must not wait for, or depend on, what has nothing
 * to do with it: the AWS plugin, look-ups of images and zones, or a program that was changed and not yet deployed. So
 * this program registers the service's resource alone, with the inputs that are in the state; `--target` leaves
 * everything else in the stack as it is.
 */
import * as pulumi from "@pulumi/pulumi";
import { ServiceResource } from "../../components/failover/service-resource";
import { DynamicProviders } from "../../components/loader/checkout-resource";
import { componentType, type FailoverOrder, orderVariable } from "./order";

export = (): unknown => {
  const text = process.env[orderVariable];
  if (text === undefined)
    throw new pulumi.RunError("This program is run by: npm run failover -- SERVICE NODE");
  const { kind, name, inputs, active, dependencies, outputs } = JSON.parse(text) as FailoverOrder;
  const providers = [new DynamicProviders("failover")];
  const parent = new pulumi.ComponentResource(componentType(kind), name, {}, { providers });
  const { activeNode } = new ServiceResource(kind, name, { ...inputs, active } as never, {
    parent,
    dependsOn: dependencies.map((urn) => new pulumi.DependencyResource(urn)),
  });
  return {
    ...outputs,
    services: { ...outputs.services, [name]: { ...outputs.services?.[name], active: activeNode } },
  };
};
