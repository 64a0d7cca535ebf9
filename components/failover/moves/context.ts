/**
 * What a mechanism needs from outside: AWS calls and time limits. The SDK is loaded when the first call is made, since
 * a failover runs in a fresh process and loading counts (client-ec2: about 0.2 s, client-route-53: less than 0.1 s).
 */
import type * as Ec2 from "@aws-sdk/client-ec2";
import type * as Route53 from "@aws-sdk/client-route-53";

/** One AWS API action, as the SDK's clients have it. */
export type Call<Input, Output> = (input: Input, options?: { abortSignal?: AbortSignal }) => Promise<Output>;

/** Every EC2 action that a mechanism uses; the list is what a failover's IAM policy has to allow. */
export interface Ec2Calls {
  describeRouteTables: Call<Ec2.DescribeRouteTablesCommandInput, Ec2.DescribeRouteTablesCommandOutput>;
  createRoute: Call<Ec2.CreateRouteCommandInput, Ec2.CreateRouteCommandOutput>;
  replaceRoute: Call<Ec2.ReplaceRouteCommandInput, Ec2.ReplaceRouteCommandOutput>;
  deleteRoute: Call<Ec2.DeleteRouteCommandInput, Ec2.DeleteRouteCommandOutput>;
  describeVpcs: Call<Ec2.DescribeVpcsCommandInput, Ec2.DescribeVpcsCommandOutput>;
  describeSubnets: Call<Ec2.DescribeSubnetsCommandInput, Ec2.DescribeSubnetsCommandOutput>;
  describeInstances: Call<Ec2.DescribeInstancesCommandInput, Ec2.DescribeInstancesCommandOutput>;
  describeInstanceStatus: Call<
    Ec2.DescribeInstanceStatusCommandInput,
    Ec2.DescribeInstanceStatusCommandOutput
  >;
  describeInstanceTypes: Call<Ec2.DescribeInstanceTypesCommandInput, Ec2.DescribeInstanceTypesCommandOutput>;
  describeNetworkInterfaces: Call<
    Ec2.DescribeNetworkInterfacesCommandInput,
    Ec2.DescribeNetworkInterfacesCommandOutput
  >;
  attachNetworkInterface: Call<
    Ec2.AttachNetworkInterfaceCommandInput,
    Ec2.AttachNetworkInterfaceCommandOutput
  >;
  detachNetworkInterface: Call<
    Ec2.DetachNetworkInterfaceCommandInput,
    Ec2.DetachNetworkInterfaceCommandOutput
  >;
}

/** Every Route 53 action that a mechanism uses. */
export interface Route53Calls {
  getHostedZone: Call<Route53.GetHostedZoneCommandInput, Route53.GetHostedZoneCommandOutput>;
  listResourceRecordSets: Call<
    Route53.ListResourceRecordSetsCommandInput,
    Route53.ListResourceRecordSetsCommandOutput
  >;
  changeResourceRecordSets: Call<
    Route53.ChangeResourceRecordSetsCommandInput,
    Route53.ChangeResourceRecordSetsCommandOutput
  >;
  getChange: Call<Route53.GetChangeCommandInput, Route53.GetChangeCommandOutput>;
}

/** Time limits, all in seconds. */
export interface Limits {
  /** How long a read may go unanswered before it is tried again. */
  readCall: number;
  /**
   * How long a write may go unanswered. Generous: a write that is given up may still be applied later, so giving up
   * early saves nothing and costs certainty.
   */
  writeCall: number;
  /** All of `locate`, and all of `preflight`, each. */
  look: number;
  /** The move itself, retries included. 200 route tables at EC2's 5 writes a second take 30 s. */
  move: number;
  /** Taking back a failed move; counted on its own, since it begins when the move's time may be over. */
  undo: number;
  /** How long after an unanswered write its late effect is watched for, when the move is taken back. */
  late: number;
  /** Until a change of a record is at all of Route 53's name servers: "generally within 60 seconds". */
  sync: number;
}

export const LIMITS: Limits = {
  readCall: 5,
  writeCall: 15,
  look: 15,
  move: 60,
  undo: 60,
  late: 15,
  sync: 300,
};

export interface Context {
  ec2(region: string): Promise<Ec2Calls>;
  route53(region: string): Promise<Route53Calls>;
  /** Named profile of the AWS configuration; goes into the commands that repair a mixed state, too. */
  profile?: string;
  limits: Limits;
}

/** A context over the AWS SDK. Endpoint and credentials come from where every AWS client takes them. */
export function awsContext(options: { profile?: string; limits?: Partial<Limits> } = {}): Context {
  const settings = {
    ...(options.profile === undefined ? {} : { profile: options.profile }),
    // Retries are `retry.ts`'s alone: it knows the deadline, and two stacked policies multiply.
    maxAttempts: 1,
    retryMode: "standard",
    requestHandler: { connectionTimeout: 2000 },
  };
  return {
    ...(options.profile === undefined ? {} : { profile: options.profile }),
    limits: { ...LIMITS, ...options.limits },
    ec2: once(async (region) => (await import("./clients/ec2")).ec2Calls({ ...settings, region })),
    route53: once(async (region) =>
      (await import("./clients/route53")).route53Calls({ ...settings, region }),
    ),
  };
}

/** One client a region, so that connections are kept alive from the preflight to the move. */
function once<Client>(connect: (region: string) => Promise<Client>): (region: string) => Promise<Client> {
  const clients = new Map<string, Promise<Client>>();
  return (region) => {
    const known = clients.get(region) ?? connect(region);
    clients.set(region, known);
    return known;
  };
}
