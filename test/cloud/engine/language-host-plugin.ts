/** Running policy packs and plugins for the engine, each a Node process of its own, and installing their packages. */
import type { ChildProcess } from "node:child_process";
import * as grpc from "@grpc/grpc-js";
import type * as lang from "@pulumi/pulumi/proto/language_pb";
import { InstallDependenciesResponse, RunPluginResponse } from "@pulumi/pulumi/proto/language_pb";
import { endChild } from "./children";
import { type HostContext, preloaded, prepare } from "./language-host-run";
import { envOf, nodeArgs } from "./runtime-options";

/**
 * Ends a stream with an error that the engine shows. `destroy(error)` would not do: gRPC sends a stream's status when
 * the stream ends in order or when it emits an error, and the engine waits for it for ever otherwise.
 */
function fail(call: grpc.ServerWritableStream<unknown, unknown>, error: Error): void {
  call.emit("error", { code: grpc.status.UNKNOWN, details: error.message });
}

/**
 * How long a policy pack or plugin may take until it says where it serves, in seconds. The engine waits for ever, and
 * for a policy pack without listening to Ctrl-C: engine/update.go, loadPolicyPlugins, holds the lock that its end needs.
 */
const START_LIMIT = Number(process.env.FAILOVER_PLUGIN_START_SECONDS ?? 60);

/** After how many seconds the user is told what is being waited for. */
const PATIENCE = 5;

/** Watches a child until it has written a whole line, or has ended. */
function watchStart(child: ChildProcess, { slow, late }: { slow: () => void; late: () => void }): void {
  const timers = [setTimeout(slow, PATIENCE * 1000), setTimeout(late, START_LIMIT * 1000)];
  const stop = (): void => {
    for (const timer of timers) clearTimeout(timer);
  };
  child.stdout?.on("data", (data: Buffer) => {
    if (data.includes("\n")) stop();
  });
  child.once("exit", stop);
  child.once("error", stop);
}

export function runPlugin(
  host: HostContext,
): grpc.handleServerStreamingCall<lang.RunPluginRequest, RunPluginResponse> {
  return (call) => {
    const request = call.request;
    const info = request.getInfo();
    if (info === undefined) {
      fail(call, new Error("The engine sent no information on the plugin to run."));
      return;
    }
    const directory = info.getProgramDirectory();
    const analyzer = request.getKind() === "analyzer";
    const prepared = prepare(info, analyzer ? "run-policy-pack" : "run-plugin");
    if (prepared instanceof Error) {
      fail(call, prepared);
      return;
    }
    const { options, runner } = prepared;
    // A policy pack's own folder comes after the engine's address, a plugin's before it: cmd/run-policy-pack and
    // cmd/run-plugin read them so.
    const args = analyzer ? [...request.getArgsList(), directory] : [directory, ...request.getArgsList()];
    // A pack is loaded before the program: each preview waits for it.
    const first = preloaded("slow-packages", "quick-errors");
    const child = host.children.start(process.execPath, [...first, ...nodeArgs(options), runner, ...args], {
      cwd: analyzer ? directory : request.getPwd(),
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...envOf(options), ...pairs(request.getEnvList()) },
    });
    child.stdout?.on("data", (data: Buffer) => call.write(new RunPluginResponse().setStdout(data)));
    child.stderr?.on("data", (data: Buffer) => call.write(new RunPluginResponse().setStderr(data)));
    let failed = false;
    const refuse = (reason: string): void => {
      if (!failed) fail(call, new Error(reason));
      failed = true;
    };
    child.once("error", (error) => {
      refuse(`${runner} could not be started: ${error.message}`);
    });
    const say = (line: string): void => {
      call.write(new RunPluginResponse().setStderr(Buffer.from(`${line}\n`)));
    };
    watchStart(child, {
      slow: () => {
        say(`${directory} is still starting; it is given up ${START_LIMIT} s after its start.`);
      },
      late: () => {
        refuse(
          `${directory} does not serve ${START_LIMIT} s after its start, and was ended. ` +
            "If it only needs more time, give it: FAILOVER_PLUGIN_START_SECONDS=600",
        );
        endChild(child);
      },
    });
    child.once("close", (code, signal) => {
      // The engine knows exit codes only.
      if (signal !== null) refuse(`the process of ${directory} was ended by ${signal}`);
      if (failed) return;
      call.write(new RunPluginResponse().setExitcode(code ?? 1));
      call.end();
    });
    call.once("cancelled", () => {
      endChild(child);
    });
  };
}

export function installDependencies(
  host: HostContext,
): grpc.handleServerStreamingCall<lang.InstallDependenciesRequest, InstallDependenciesResponse> {
  return (call) => {
    const directory = call.request.getInfo()?.getProgramDirectory() ?? call.request.getDirectory();
    const npm = host.children.start("npm", ["install", "--loglevel=error"], {
      cwd: directory,
      stdio: ["ignore", "pipe", "pipe"],
    });
    npm.stdout?.on("data", (data: Buffer) => call.write(new InstallDependenciesResponse().setStdout(data)));
    npm.stderr?.on("data", (data: Buffer) => call.write(new InstallDependenciesResponse().setStderr(data)));
    npm.once("error", (error) => {
      fail(call, new Error(`npm could not be started in ${directory}: ${error.message}`));
    });
    npm.once("close", (code) => {
      if (code === 0) call.end();
      else fail(call, new Error(`npm install failed in ${directory} with exit code ${String(code)}`));
    });
    call.once("cancelled", () => {
      endChild(npm);
    });
  };
}

function pairs(list: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    list.map((entry) => {
      const at = entry.indexOf("=");
      return [entry.slice(0, at), entry.slice(at + 1)];
    }),
  );
}
