/** Running a program for the engine, a Node process of its own. */
import * as path from "node:path";
import type * as grpc from "@grpc/grpc-js";
import type * as lang from "@pulumi/pulumi/proto/language_pb";
import { RunResponse } from "@pulumi/pulumi/proto/language_pb";
import { type Children, endChild } from "./children";
import { envOf, nodeArgs, resolveRunner, type RuntimeOptions, runtimeOptions } from "./runtime-options";

export interface HostContext {
  readonly engineAddress: string;
  readonly children: Children;
}

/** How the SDK begins what it could not tell the engine any more, because the engine has ended the update already. */
const undeliverable = "failed to deliver log message.";

/** The exit code of `@pulumi/pulumi/cmd/run` when it has already told the user what is wrong. */
const alreadyReported = 32;

/** Program arguments of cmd/run, in the order in which the official host gives them. */
function programArgs(host: HostContext, request: lang.RunRequest, info: lang.ProgramInfo): string[] {
  const named: [string, string][] = [
    ["monitor", request.getMonitorAddress()],
    ["engine", host.engineAddress],
    ["organization", request.getOrganization()],
    ["root-directory", info.getRootDirectory()],
    ["project", request.getProject()],
    ["stack", request.getStack()],
    ["pwd", request.getPwd()],
  ];
  const args = named.filter(([, value]) => value !== "").flatMap(([name, value]) => [`--${name}`, value]);
  if (request.getDryrun()) args.push("--dry-run");
  args.push("--query-mode", "false", "--parallel", String(request.getParallel()));
  return [...args, info.getEntryPoint(), ...request.getArgsList()];
}

/** A user's mistake in the options, or a missing package, is an answer to the engine, not the end of the host. */
export function prepare(
  info: lang.ProgramInfo,
  script: Parameters<typeof resolveRunner>[0],
): { options: RuntimeOptions; runner: string } | Error {
  try {
    return { options: runtimeOptions(info), runner: resolveRunner(script, info.getProgramDirectory()) };
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Arguments of Node that load one of our bundles first; they lie beside the host's own. */
export function preloaded(...programs: readonly ("quick-errors" | "slow-packages")[]): string[] {
  return programs.flatMap((program) => ["-r", path.join(__dirname, `${program}.cjs`)]);
}

export function runProgram(host: HostContext): grpc.handleUnaryCall<lang.RunRequest, RunResponse> {
  return (call, done) => {
    const request = call.request;
    const info = request.getInfo();
    if (info === undefined) {
      done(
        null,
        new RunResponse().setError(
          "The engine sent no program information: it is too old for this language host.",
        ),
      );
      return;
    }
    if (request.getAttachDebugger()) {
      done(
        null,
        new RunResponse().setError(
          "--attach-debugger is not a part of this language host: use nodeargs: --inspect-brk.",
        ),
      );
      return;
    }
    const prepared = prepare(info, "run");
    if (prepared instanceof Error) {
      done(null, new RunResponse().setError(prepared.message));
      return;
    }
    const { options, runner } = prepared;
    const config = Object.fromEntries(request.getConfigMap().getEntryList());
    const child = host.children.start(
      process.execPath,
      [...preloaded("quick-errors"), ...nodeArgs(options), runner, ...programArgs(host, request, info)],
      {
        cwd: request.getPwd(),
        stdio: ["ignore", "pipe", "pipe"],
        env: {
          ...process.env,
          ...envOf(options),
          PULUMI_CONFIG: JSON.stringify(config),
          PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
        },
      },
    );
    // Not inherited: what a program has to say when the engine has turned away from it (because a resource was refused,
    // say) is about the lost connection, and would bury the reason.
    let wanted = true;
    const stop = (): void => {
      wanted = false;
      endChild(child);
    };
    call.once("cancelled", stop);
    const pass = (to: NodeJS.WriteStream) => (data: Buffer) => {
      if (!wanted) return;
      const at = data.indexOf(undeliverable);
      wanted = at < 0;
      to.write(wanted ? data : data.subarray(0, at));
    };
    child.stdout?.on("data", pass(process.stdout));
    child.stderr?.on("data", pass(process.stderr));
    child.once("error", (error) => {
      done(null, new RunResponse().setError(`The program could not be started: ${error.message}`));
    });
    child.once("close", (code, signal) => {
      const response = new RunResponse();
      if (code === alreadyReported) response.setBail(true);
      else if (signal !== null) response.setError(`Program was ended by ${signal}`);
      else if (code !== 0) response.setError(`Program exited with non-zero exit code: ${String(code)}`);
      done(null, response);
    });
  };
}
