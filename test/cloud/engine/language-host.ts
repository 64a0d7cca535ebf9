/**
 * A Pulumi language host for Node.js: the gRPC server through which the engine runs programs, policy packs and plugins
 * that are written in TypeScript. The official one is a Go program that no package registry carries; this one serves
 * the engine that is built from its Go module. Protocol: pulumi/language.proto; behaviour: the official host's.
 *
 * Usage: node language-host.cjs ENGINE_ADDRESS; prints the port it serves on, then nothing else.
 */
import * as grpc from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import * as langrpc from "@pulumi/pulumi/proto/language_grpc_pb";
import * as lang from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Children, exitWhenOrphaned } from "./children";
import { installDependencies, runPlugin } from "./language-host-plugin";
import { type HostContext, runProgram } from "./language-host-run";
import { about, programDependencies } from "./language-host-facts";

const unlimited = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

function unimplemented(what: string): grpc.ServiceError {
  return Object.assign(new Error(what), {
    code: grpc.status.UNIMPLEMENTED,
    details: `${what} is not a part of this language host: it runs programs, policy packs and plugins. Install the official Pulumi CLI for it.`,
    metadata: new grpc.Metadata(),
  });
}

function refuse(what: string): grpc.handleUnaryCall<unknown, never> {
  return (_call, done) => {
    done(unimplemented(what));
  };
}

function answer<Q, R>(reply: (request: Q) => R): grpc.handleUnaryCall<Q, R> {
  return (call, done) => {
    try {
      done(null, reply(call.request));
    } catch (error) {
      done({ code: grpc.status.UNKNOWN, details: error instanceof Error ? error.message : String(error) });
    }
  };
}

function service(host: HostContext): grpc.UntypedServiceImplementation {
  return {
    handshake: answer(() => new lang.LanguageHandshakeResponse()),
    // Nothing is asked for: plugins are found by the version that the SDKs send with each resource.
    getRequiredPackages: answer(() => new lang.GetRequiredPackagesResponse()),
    getRequiredPlugins: answer(() => new lang.GetRequiredPluginsResponse()),
    runtimeOptionsPrompts: answer(() => new lang.RuntimeOptionsResponse()),
    getPluginInfo: answer(() => new PluginInfo().setVersion("3.0.0")),
    about: answer(about),
    getProgramDependencies: answer(programDependencies),
    run: runProgram(host),
    runPlugin: runPlugin(host),
    installDependencies: installDependencies(host),
    cancel: answer(() => {
      host.children.stop();
      return new Empty();
    }),
    template: refuse("Template"),
    generateProgram: refuse("GenerateProgram"),
    generateProject: refuse("GenerateProject"),
    generatePackage: refuse("GeneratePackage"),
    pack: refuse("Pack"),
    link: refuse("Link"),
  };
}

function main(): void {
  const engineAddress = process.argv.slice(2).find((arg) => !arg.startsWith("-"));
  if (engineAddress === undefined) {
    console.error("usage: language-host ENGINE_ADDRESS (the Pulumi engine starts it)");
    process.exit(1);
  }
  const children = new Children();
  exitWhenOrphaned(() => {
    children.kill();
  });
  // The engine interrupts its plugins at the end of an update, and kills them when they are still there 5 s later.
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      children.stop(() => process.exit(0));
    });
  }
  const server = new grpc.Server(unlimited);
  server.addService(langrpc.LanguageRuntimeService, service({ engineAddress, children }));
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.stdout.write(`${port}\n`);
  });
}

main();
