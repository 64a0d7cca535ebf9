import type * as pulumi from "@pulumi/pulumi";
import { BindForwarders, type Forwarder } from "../components/dns/bind-forwarders";
import { ResolverEndpoint } from "../components/dns/resolver-endpoint";
import type { DynamicProviders } from "../components/loader/checkout-resource";
import type { Network } from "../components/network/network";
import type { Settings } from "./settings";

interface Common {
  readonly region: string;
  readonly profile?: string;
  /** Image of the forwarders. */
  readonly imageId: pulumi.Input<string>;
  readonly tags: Record<string, string>;
  /** The process that waits for forwarders that boot. */
  readonly dynamic: DynamicProviders;
}

export interface NameService {
  /** What the corporate DNS forwards to. */
  readonly forwarders: readonly Forwarder[];
  /** Text of the BIND forwarders' configuration; undefined without them. */
  readonly namedConf?: string;
}

/** What answers the corporate DNS for the private zone: BIND forwarders, a Resolver endpoint, or both. */
export function nameService(
  settings: Settings,
  network: Network,
  { region, profile, imageId, tags, dynamic }: Common,
): NameService {
  const { addresses, resolver, vpcCidr } = settings.addresses;
  const { forwarding, intranet } = settings;
  const found: Forwarder[] = [];
  let namedConf: string | undefined;
  if (forwarding.forwarders) {
    const places = {
      forwarder1: network.place(addresses.forwarder1),
      forwarder2: network.place(addresses.forwarder2),
    };
    const bind = new BindForwarders(
      "forwarders",
      {
        region,
        vpcId: network.vpcId,
        vpcCidr,
        resolver,
        privateZone: settings.privateZone,
        intranetCidrs: intranet.cidrs,
        places,
        system: settings.nodes.system,
        imageId,
        instanceType: forwarding.instanceType,
        rootVolumeGiB: settings.nodes.rootVolumeGiB,
        keyName: settings.nodes.keyName,
        connection:
          forwarding.sshUser === undefined
            ? undefined
            : { user: forwarding.sshUser, hostKeys: forwarding.hostKeys },
        profile,
        tags,
      },
      // Their packages come through the S3 endpoint, which has to be there when they boot.
      { dependsOn: [network], providers: [dynamic] },
    );
    found.push(...bind.forwarders);
    namedConf = bind.namedConf;
  }
  if (forwarding.endpoint) {
    const places = {
      resolver1: network.place(addresses.resolver1),
      resolver2: network.place(addresses.resolver2),
    };
    new ResolverEndpoint("resolver", { vpcId: network.vpcId, places, clientCidrs: intranet.cidrs, tags });
    found.push(
      ...Object.entries(places).map(([name, { zone, privateIp }]) => ({ name, zone, address: privateIp })),
    );
  }
  return { forwarders: found, ...(namedConf === undefined ? {} : { namedConf }) };
}
