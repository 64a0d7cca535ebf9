/** What AWS has inside of a VPC beside hosts: its resolver and the metadata service. Runs in the network of its router. */
import { once } from "node:events";
import type { ImdsCredentials } from "../../api/admin/types";
import { vpcResolver } from "../../dns/answers";
import { serveDns } from "../../dns/server";
import { instanceAt, instanceFacts } from "../../metadata/facts";
import { identitySigner } from "../../metadata/identity";
import { createMetadataService } from "../../metadata/service";
import type { CloudModel } from "../../model";
import type { FromServices, ServicesOptions, ToServices } from "./protocol";

let model: CloudModel | undefined;
let asked = 0;
const waiting = new Map<
  number,
  { resolve: (found: ImdsCredentials) => void; reject: (reason: Error) => void }
>();

function credentials(instanceId: string): Promise<ImdsCredentials> {
  return new Promise((resolve, reject) => {
    const question: FromServices = { kind: "credentials", id: (asked += 1), instanceId };
    waiting.set(question.id, { resolve, reject });
    process.send?.(question);
  });
}

function take(message: ToServices): void {
  if (message.kind === "model") {
    model = message.model;
    return;
  }
  const asker = waiting.get(message.id);
  waiting.delete(message.id);
  if (message.kind === "credentials") asker?.resolve(message.credentials);
  else asker?.reject(new Error(message.reason));
}

async function main(): Promise<void> {
  const { vpcId, region, certificates, resolvers, metadata } = JSON.parse(
    process.argv[2] ?? "",
  ) as ServicesOptions;
  process.on("message", take);
  process.once("disconnect", () => process.exit(0));
  await serveDns(resolvers, 53, vpcResolver({ vpcId, model: () => model }));
  const signer = await identitySigner(certificates, region);
  const service = createMetadataService({
    instance: (client) => {
      if (model === undefined) return undefined;
      const id = instanceAt(model, vpcId, client);
      const keys = model.keyPairs.map(({ name, publicKey }) => [name, publicKey]);
      return id === undefined
        ? undefined
        : instanceFacts(model, id, Object.fromEntries(keys) as Record<string, string>);
    },
    credentials,
    signer,
  });
  service.listen(80, metadata);
  await once(service, "listening");
}

main().catch((error: unknown) => {
  console.error("The services of a VPC:", error);
  process.exit(1);
});
