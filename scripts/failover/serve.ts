/**
 * Serves the reduced program from this process, as the Automation API does for its inline programs: Pulumi's CLI is given
 * the address (`--client`) and starts neither a language host nor a program. So the order stays in this process, and the
 * SDK is loaded while other processes work.
 */
import * as grpc from "@grpc/grpc-js";
import type { Inputs } from "@pulumi/pulumi";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import type { FailoverOrder } from "./order";
import { failOver } from "./program";

/** The class behind `Stack.up` with an inline program; its type is left out of the package's declarations. */
interface ServerModule {
  readonly LanguageServer: new (program: () => Promise<Inputs>) => grpc.UntypedServiceImplementation;
}

export interface ServedProgram {
  /** Host and port. */
  readonly address: string;
  close(): void;
}

/** As the SDK sets them: a state has no limit. */
const unlimited = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

export async function serveProgram(order: FailoverOrder): Promise<ServedProgram> {
  // The engine is on this machine, and a user's proxy is not: gRPC would send even 127.0.0.1 there (grpc-js, http_proxy.ts).
  process.env.no_grpc_proxy = "127.0.0.1";
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- it has no declarations
  const { LanguageServer } = require("@pulumi/pulumi/automation/server") as ServerModule;
  const server = new grpc.Server(unlimited);
  server.addService(LanguageRuntimeService, new LanguageServer(() => Promise.resolve(failOver(order))));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return {
    address: `127.0.0.1:${port}`,
    close: () => {
      server.forceShutdown();
    },
  };
}
