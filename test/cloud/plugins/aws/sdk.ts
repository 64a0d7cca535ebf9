import type * as Ec2 from "@aws-sdk/client-ec2";
import type * as Iam from "@aws-sdk/client-iam";
import type * as Route53 from "@aws-sdk/client-route-53";
import type * as Resolver from "@aws-sdk/client-route53resolver";
import type * as Ssm from "@aws-sdk/client-ssm";
import type * as Sts from "@aws-sdk/client-sts";

/** One caller per service: `ec2("CreateVpc", { CidrBlock })`, typed by the SDK. */
export interface Sdks {
  readonly ec2: typeof Ec2;
  readonly iam: typeof Iam;
  readonly route53: typeof Route53;
  readonly resolver: typeof Resolver;
  readonly ssm: typeof Ssm;
  readonly sts: typeof Sts;
}

export type CommandName<S> = { [K in keyof S]: K extends `${infer N}Command` ? N : never }[keyof S];
type CommandOf<S, N extends string> = S[`${N}Command` & keyof S] extends new (...args: never[]) => infer T
  ? T
  : never;
export type InputOf<S, N extends string> = CommandOf<S, N> extends { readonly input: infer I } ? I : never;
export type OutputOf<S, N extends string> =
  CommandOf<S, N> extends {
    resolveMiddleware(...args: never[]): (...args: never[]) => Promise<{ output: infer O }>;
  }
    ? O
    : never;

export type Caller<S> = <N extends CommandName<S> & string>(
  command: N,
  input: InputOf<S, N>,
) => Promise<OutputOf<S, N>>;
export type Callers = { readonly [K in keyof Sdks]: Caller<Sdks[K]> };

export interface Settings {
  readonly region: string;
  readonly endpoint: string | undefined;
  readonly credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string } | undefined;
  readonly profile: string | undefined;
  readonly maxAttempts: number;
  readonly retryMode: string;
}

interface Client {
  send(command: unknown, options: { abortSignal: AbortSignal }): Promise<unknown>;
}
type Module = Record<string, new (input: unknown) => unknown>;

/**
 * Loading a service's SDK takes 50 to 150 ms: it happens at the first call, not when the plugin starts. The imports
 * are literal, so that a bundler finds them.
 */
const load: { [K in keyof Sdks]: () => Promise<{ module: unknown; client: string }> } = {
  ec2: async () => ({ module: await import("@aws-sdk/client-ec2"), client: "EC2Client" }),
  iam: async () => ({ module: await import("@aws-sdk/client-iam"), client: "IAMClient" }),
  route53: async () => ({ module: await import("@aws-sdk/client-route-53"), client: "Route53Client" }),
  resolver: async () => ({
    module: await import("@aws-sdk/client-route53resolver"),
    client: "Route53ResolverClient",
  }),
  ssm: async () => ({ module: await import("@aws-sdk/client-ssm"), client: "SSMClient" }),
  sts: async () => ({ module: await import("@aws-sdk/client-sts"), client: "STSClient" }),
};

/** Clients by service and region, made when they are first needed, with their connections kept open. */
export class Clients {
  readonly #made = new Map<string, Promise<{ module: Module; client: Client }>>();

  constructor(private readonly settings: Settings) {}

  callers(region: string, signal: AbortSignal): Callers {
    const caller =
      (service: keyof Sdks) =>
      async (command: string, input: unknown): Promise<unknown> => {
        const { module, client } = await this.#client(service, region);
        const Command = module[`${command}Command`];
        if (!Command) throw new Error(`the AWS SDK's ${service} client has no ${command}`);
        return client.send(new Command(input), { abortSignal: signal });
      };
    const services = Object.keys(load) as (keyof Sdks)[];
    return Object.fromEntries(services.map((service) => [service, caller(service)])) as unknown as Callers;
  }

  #client(service: keyof Sdks, region: string): Promise<{ module: Module; client: Client }> {
    const key = `${service} ${region}`;
    const known = this.#made.get(key);
    if (known) return known;
    const made = this.#make(service, region);
    this.#made.set(key, made);
    return made;
  }

  async #make(service: keyof Sdks, region: string): Promise<{ module: Module; client: Client }> {
    const loaded = await load[service]();
    const module = loaded.module as Module;
    const Client = module[loaded.client];
    if (!Client) throw new Error(`the AWS SDK's ${service} module has no ${loaded.client}`);
    const { endpoint, credentials, profile, maxAttempts, retryMode } = this.settings;
    const options = { region, endpoint, credentials, profile, maxAttempts, retryMode };
    return { module, client: new Client(options) as Client };
  }
}
