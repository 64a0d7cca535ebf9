/**
 * What AWS offers on addresses of its own inside of a VPC, as one process in the network namespace of the VPC's router: the
 * resolver (base address + 2 and 169.254.169.253, port 53) and the instances' metadata service (169.254.169.254, port 80).
 * Who asks is known by the address of the interface, as AWS's hypervisor knows it. Options come as one JSON argument; it
 * says READY on standard output when it serves, and ends with its standard input.
 */
import { once } from "node:events";
import type { Server } from "node:net";
import type { ImdsCredentials } from "../api/admin/types";
import { createRelay } from "../api/node/relay";
import { vpcResolver } from "../dns/answers";
import { serveDns } from "../dns/server";
import { instanceAt, instanceFacts } from "../metadata/facts";
import { identitySigner } from "../metadata/identity";
import { createMetadataService } from "../metadata/service";
import { type CloudModel, follow } from "../model";

export interface VpcServicesOptions {
  readonly vpcId: string;
  readonly region: string;
  /** The gateway's port on loopback, at which it is reached in here, too: this process listens there itself. */
  readonly port: number;
  /** Path of the socket that leads to the gateway from every namespace. */
  readonly socket: string;
  /** Addresses of the resolver, which this namespace has. */
  readonly resolver: readonly string[];
  /** Addresses of the metadata service, which this namespace has. */
  readonly metadata: readonly string[];
  /** Where the regions' certificates are kept, for the signatures of identity documents. */
  readonly certificates: string;
  /** Public keys by the name of the key pair, in the format of `authorized_keys`. */
  readonly publicKeys: Readonly<Record<string, string>>;
  /** Packets a second that an interface may send to the resolver. @default 1024 */
  readonly packetsPerSecond?: number;
}

async function main(options: VpcServicesOptions): Promise<void> {
  const { vpcId, region, port, resolver, metadata } = options;
  process.stdin.on("end", () => process.exit(0)).resume();
  await listen(createRelay({ path: options.socket }), port, "127.0.0.1");
  const url = `http://127.0.0.1:${port}`;
  let known: CloudModel | undefined;
  const model = (): CloudModel | undefined => known;
  await new Promise<void>((resolve, reject) => {
    const lost = (reason: Error): void => {
      // Without the cloud nothing that is answered here is true: whoever started this starts it anew.
      reject(reason);
      fail(reason);
    };
    const took = (fresh: CloudModel): void => {
      known = fresh;
      resolve();
    };
    follow(url, region, took, lost).catch(reject);
  });
  const { packetsPerSecond } = options;
  const limit = packetsPerSecond === undefined ? {} : { packetsPerSecond };
  await serveDns(resolver, 53, vpcResolver({ vpcId, model, ...limit }));
  const signer = await identitySigner(options.certificates, region);
  const instance = (client: string) => {
    const id = known === undefined ? undefined : instanceAt(known, vpcId, client);
    return known === undefined || id === undefined ? undefined : instanceFacts(known, id, options.publicKeys);
  };
  const credentials = (id: string): Promise<ImdsCredentials> => credentialsOf(url, id);
  for (const address of metadata) {
    await listen(createMetadataService({ instance, credentials, signer }), 80, address);
  }
  console.log("READY");
}

async function credentialsOf(url: string, instanceId: string): Promise<ImdsCredentials> {
  const path = `/_cloud/instances/${instanceId}/credentials`;
  const answer = await fetch(`${url}${path}`);
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  return (await answer.json()) as ImdsCredentials;
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  server.listen(port, host);
  await once(server, "listening");
}

function fail(reason: unknown): void {
  console.error(reason instanceof Error ? reason.message : reason);
  process.exit(1);
}

main(JSON.parse(process.argv[2] ?? "") as VpcServicesOptions).catch(fail);
