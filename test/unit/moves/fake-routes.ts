/** Route tables in memory, behind the calls that an overlay IP's move makes. Every other call is an error. */
import { performance } from "node:perf_hooks";
import { type Route } from "@aws-sdk/client-ec2";
import { type Context, type Ec2Calls, LIMITS, type Limits } from "../../../components/failover/core/context";
import { NO_OTHER_CALLS, REFUSING_EC2 } from "./refusing";
import { FakeAwsError, FaultPlan, underFault } from "./faults";

export const DESTINATION = "192.168.10.1/32";

/** Route table id to the interface that the overlay IP's route leads to; undefined: it has no such route. */
export type Routes = Record<string, string | undefined>;

export class FakeRoutes {
  private readonly history: { at: number; routes: Routes }[];
  /** Interfaces to which no route can be made any more. */
  readonly goneInterfaces = new Set<string>();

  constructor(
    public routes: Routes,
    readonly plan = new FaultPlan(),
  ) {
    this.history = [{ at: Number.NEGATIVE_INFINITY, routes: { ...routes } }];
  }

  context(limits: Partial<Limits> = {}): Context {
    return {
      limits: { ...LIMITS, ...limits },
      calls: NO_OTHER_CALLS,
      ec2: () => Promise.resolve(this.calls()),
      route53: () => Promise.reject(new Error("an overlay IP doesn't need Route 53")),
    };
  }

  private calls(): Ec2Calls {
    return {
      ...REFUSING_EC2,
      describeRouteTables: async (_input, options) => {
        const fault = this.plan.next("describeRouteTables");
        const lag = fault?.fault === "stale" ? fault.seconds : 0;
        const routes = await underFault(
          fault,
          () => this.routesAt(performance.now() - lag * 1000),
          options?.abortSignal,
        );
        return {
          $metadata: {},
          RouteTables: Object.entries(routes).map(([RouteTableId, eni]) => ({
            RouteTableId,
            Routes: routesOf(eni),
          })),
        };
      },
      createRoute: (input, options) =>
        this.write("createRoute", input, options, (table) => {
          if (this.routes[table] !== undefined) throw new FakeAwsError("RouteAlreadyExists");
          this.set(table, input.NetworkInterfaceId);
        }),
      replaceRoute: (input, options) =>
        this.write("replaceRoute", input, options, (table) => {
          if (this.routes[table] === undefined)
            throw new FakeAwsError(
              "InvalidParameterValue",
              400,
              "There is no route defined for '192.168.10.1/32'",
            );
          this.set(table, input.NetworkInterfaceId);
        }),
      deleteRoute: (input, options) =>
        this.write("deleteRoute", input, options, (table) => {
          if (this.routes[table] === undefined) throw new FakeAwsError("InvalidRoute.NotFound");
          this.set(table, undefined);
        }),
    };
  }

  private write(
    action: string,
    input: { RouteTableId?: string; DestinationCidrBlock?: string; NetworkInterfaceId?: string },
    options: { abortSignal?: AbortSignal } | undefined,
    apply: (table: string) => void,
  ): Promise<{ $metadata: object }> {
    const table = input.RouteTableId ?? "";
    return underFault(
      this.plan.next(`${action} ${table}`),
      () => {
        if (!Object.hasOwn(this.routes, table)) throw new FakeAwsError("InvalidRouteTableID.NotFound");
        if (input.DestinationCidrBlock !== DESTINATION) throw new FakeAwsError("InvalidParameterValue");
        if (this.goneInterfaces.has(input.NetworkInterfaceId ?? ""))
          throw new FakeAwsError("InvalidNetworkInterfaceID.NotFound");
        apply(table);
        return { $metadata: {} };
      },
      options?.abortSignal,
    );
  }

  set(table: string, eni: string | undefined): void {
    this.routes = { ...this.routes, [table]: eni };
    this.history.push({ at: performance.now(), routes: this.routes });
  }

  private routesAt(time: number): Routes {
    return this.history.findLast(({ at }) => at <= time)?.routes ?? this.routes;
  }
}

function routesOf(eni: string | undefined): Route[] {
  const local: Route = { DestinationCidrBlock: "10.0.0.0/16", GatewayId: "local", State: "active" };
  if (eni === undefined) return [local];
  return [
    local,
    { DestinationCidrBlock: DESTINATION, NetworkInterfaceId: eni, State: "active", Origin: "CreateRoute" },
  ];
}
