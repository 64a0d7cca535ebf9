import { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { accepted } from "./accepted";
import { planRollOut } from "./roll-out.plan";

/** How Pulumi reaches the forwarders over SSH; the user may become root by sudo without a password. */
export interface ForwarderConnection {
  /** @default "ec2-user", as Amazon's and SUSE's images have it */
  readonly user?: pulumi.Input<string>;
  /** Text of a private key in OpenSSH's format; kept as a secret. @default the SSH agent's keys */
  readonly privateKey?: pulumi.Input<string>;
  /** @default 22 */
  readonly port?: pulumi.Input<number>;
  /** Where SSH answers, by forwarder. @default the forwarder's private address */
  readonly hosts?: Readonly<Record<string, pulumi.Input<string>>>;
  /**
   * Public host keys by forwarder, as in known_hosts. Without, whoever answers at the address is believed: not for
   * networks that others share. @default none
   */
  readonly hostKeys?: Readonly<Record<string, pulumi.Input<string>>>;
  /** A bastion host on the way, with the same user and key unless it says otherwise. @default none */
  readonly proxy?: {
    readonly host: pulumi.Input<string>;
    readonly user?: pulumi.Input<string>;
    readonly privateKey?: pulumi.Input<string>;
    readonly port?: pulumi.Input<number>;
  };
}

export interface RollOutResourceArgs {
  /** The forwarder's name and address. */
  forwarder: { readonly name: string; readonly address: string };
  connection: ForwarderConnection;
  namedConf: string;
  /** A zone that the forwarder has to answer for. */
  zone: string;
  /** The instance: a new one is rolled out to again. */
  instanceId: pulumi.Input<string>;
}

/** Brings `named.conf` to a running forwarder: when the forwarder is new, and whenever the text changes. */
export function rollOut(
  name: string,
  args: RollOutResourceArgs,
  opts: pulumi.CustomResourceOptions,
): remote.Command {
  return new remote.Command(
    name,
    {
      connection: connectionTo(args.forwarder, args.connection),
      create: accepted(`the roll-out ${name}`, planRollOut({ zone: args.zone })),
      stdin: args.namedConf,
      triggers: [args.instanceId],
      // What the last roll-out said is of no use to the next one, and many servers refuse such variables.
      addPreviousOutputInEnv: false,
    },
    opts,
  );
}

function connectionTo(
  { name, address }: RollOutResourceArgs["forwarder"],
  { user = "ec2-user", privateKey, port, hosts, hostKeys, proxy }: ForwarderConnection,
) {
  const key = privateKey === undefined ? undefined : pulumi.secret(privateKey);
  return {
    host: hosts?.[name] ?? address,
    user,
    privateKey: key,
    port,
    hostKey: hostKeys?.[name],
    // An instance that has just been started takes a minute until SSH answers.
    dialErrorLimit: 20,
    proxy: proxy && {
      host: proxy.host,
      user: proxy.user ?? user,
      privateKey: proxy.privateKey === undefined ? key : pulumi.secret(proxy.privateKey),
      port: proxy.port,
    },
  };
}
