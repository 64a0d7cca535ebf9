import type * as EngineProto from "@pulumi/pulumi/proto/engine_pb";
import { type IEngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";

interface Connection {
  readonly client: IEngineClient;
  readonly proto: typeof EngineProto;
}

/** Messages to the person who watches the update, by way of the engine; connected when the first one is written. */
export class EngineLog {
  #connection: Promise<Connection> | undefined;

  constructor(private address: string | undefined) {}

  connect(address: string): void {
    if (address !== "") this.address = address;
  }

  write(urn: string, message: string, severity: "debug" | "info"): void {
    if (this.address === undefined) return;
    this.#connection ??= dial(this.address);
    this.#connection
      .then(
        ({ client, proto }) =>
          new Promise<void>((resolve, reject) => {
            const request = new proto.LogRequest()
              .setUrn(urn)
              .setMessage(message)
              .setSeverity(proto.LogSeverity[severity === "info" ? "INFO" : "DEBUG"]);
            client.log(request, (error) => {
              if (error) reject(error);
              else resolve();
            });
          }),
      )
      .catch((error: unknown) => {
        // The update goes on without the message; the plugin's stderr ends up in the engine's own log.
        process.stderr.write(
          `can't reach the engine's log at ${String(this.address)}: ${String(error)}: ${message}\n`,
        );
      });
  }
}

async function dial(address: string): Promise<Connection> {
  const grpc = await import("@grpc/grpc-js");
  const { EngineClient } = await import("@pulumi/pulumi/proto/engine_grpc_pb");
  const proto = await import("@pulumi/pulumi/proto/engine_pb");
  return { client: new EngineClient(address, grpc.credentials.createInsecure()), proto };
}
