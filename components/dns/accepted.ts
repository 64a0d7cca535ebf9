import * as pulumi from "@pulumi/pulumi";
import { type Planned, type Problem } from "../network/problem.plan";

/** Throws every problem at once, as the engine shows mistakes in a component's arguments; does nothing without one. */
export function refuse(what: string, problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  throw new pulumi.InputPropertiesError({
    message: `${what} cannot be made from these arguments`,
    errors: problems.map(({ key = "", reason, remedy }) => ({
      propertyPath: key,
      reason: `${reason}; ${remedy}`,
    })),
  });
}

/** A planner's value; or its problems, thrown. */
export function accepted<T>(what: string, plan: Planned<T>): T {
  if (plan.ok) return plan.value;
  refuse(what, plan.problems);
  throw new Error(`The plan of ${what} was refused without a reason`);
}
