import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as http from "node:http";
import { type AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import test from "ava";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { bundleAll, bundlePath } from "../../cloud/engine/bundle";
import { projectRoot } from "../../cloud/lab";

type Method<Q, A> = (request: Q, callback: (error: grpc.ServiceError | null, response: A) => void) => unknown;
const ask = <Q, A>(client: object, method: Method<Q, A>, request: Q): Promise<A> =>
  new Promise((resolve, reject) => {
    method.call(client, request, (error, answer) => {
      if (error) reject(error);
      else resolve(answer);
    });
  });

const struct = (values: Record<string, unknown>): Struct =>
  Struct.fromJavaScript(values as Record<string, JavaScriptValue>);

interface Running {
  readonly child: ChildProcess;
  readonly client: ResourceProviderClient;
  readonly started: number;
  readonly modules: () => string;
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "plugin-server-"));
test.before(() => {
  bundleAll(projectRoot(), folder);
});
test.after.always(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

async function start(environment: Record<string, string>): Promise<Running> {
  const began = Date.now();
  const child = spawn(process.execPath, [bundlePath(folder, "aws"), "127.0.0.1:1"], {
    env: { PATH: process.env["PATH"], ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const errors: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => errors.push(text));
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding("utf8").once("data", (text: string) => {
      resolve(text.trim());
    });
    child.once("exit", () => {
      reject(new Error(errors.join("")));
    });
  });
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  return { child, client, started: Date.now() - began, modules: () => errors.join("") };
}

const gone = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    if (child.exitCode !== null) resolve(child.exitCode);
    else child.once("exit", resolve);
  });

test("checking and comparing what didn't change asks the cloud nothing, and a signal ends the plugin", async (t) => {
  let requests = 0;
  const cloud = http.createServer((_, response) => {
    requests++;
    response.writeHead(500).end();
  });
  await new Promise<void>((resolve) => cloud.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${String((cloud.address() as AddressInfo).port)}`;
  const keys = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "a",
    AWS_SECRET_ACCESS_KEY: "b",
  };
  const { child, client, started } = await start(keys);
  await ask(
    client,
    client.configure.bind(client) as Method<proto.ConfigureRequest, proto.ConfigureResponse>,
    new proto.ConfigureRequest().setArgs(struct({})),
  );

  const state = {
    id: "vpc-1",
    cidrBlock: "10.0.0.0/16",
    enableDnsSupport: true,
    instanceTenancy: "default",
    region: "us-east-1",
    tags: { Name: "a" },
    tagsAll: { Name: "a" },
  };
  const began = Date.now();
  for (let i = 0; i < 50; i++) {
    const urn = `urn:pulumi:s::p::aws:ec2/vpc:Vpc::v${String(i)}`;
    const inputs = struct({ cidrBlock: "10.0.0.1/16", tags: { Name: "a" } });
    const checked = await ask(
      client,
      client.check.bind(client) as Method<proto.CheckRequest, proto.CheckResponse>,
      new proto.CheckRequest().setUrn(urn).setNews(inputs).setOlds(inputs),
    );
    t.is(checked.getFailuresList().length, 0);
    const diff = await ask(
      client,
      client.diff.bind(client) as Method<proto.DiffRequest, proto.DiffResponse>,
      new proto.DiffRequest()
        .setUrn(urn)
        .setId("vpc-1")
        .setOlds(struct(state))
        .setOldInputs(inputs)
        .setNews(checked.getInputs()),
    );
    t.is(diff.getChanges(), proto.DiffResponse.DiffChanges.DIFF_NONE);
  }
  t.log(`port after ${String(started)} ms; 50 checks and diffs ${String(Date.now() - began)} ms`);
  t.is(requests, 0);

  child.kill("SIGTERM");
  t.is(await gone(child), 0);
  client.close();
  cloud.close();
});

test("Cancel ends a call that waits for the cloud, with what to do next", async (t) => {
  const cloud = http.createServer(() => undefined);
  await new Promise<void>((resolve) => cloud.listen(0, "127.0.0.1", resolve));
  const arrived = new Promise<void>((resolve) =>
    cloud.once("request", () => {
      resolve();
    }),
  );
  const endpoint = `http://127.0.0.1:${String((cloud.address() as AddressInfo).port)}`;
  const keys = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "a",
    AWS_SECRET_ACCESS_KEY: "b",
  };
  const { child, client } = await start(keys);
  await ask(
    client,
    client.configure.bind(client) as Method<proto.ConfigureRequest, proto.ConfigureResponse>,
    new proto.ConfigureRequest().setArgs(struct({})),
  );
  const request = new proto.CreateRequest()
    .setUrn("urn:pulumi:s::p::aws:ec2/vpc:Vpc::v")
    .setProperties(struct({ cidrBlock: "10.0.0.0/16" }));
  const pending = ask(
    client,
    client.create.bind(client) as Method<proto.CreateRequest, proto.CreateResponse>,
    request,
  );
  await arrived;
  await ask(client, client.cancel.bind(client) as Method<Empty, Empty>, new Empty());
  const error = await t.throwsAsync(pending);
  t.regex(error?.message ?? "", /creating aws:ec2\/vpc:Vpc v: cancelled\. Run `pulumi refresh`/);
  child.kill();
  await gone(child);
  client.close();
  cloud.closeAllConnections();
  cloud.close();
});

test("without an offline cloud the plugin refuses to work, as it must never touch an account", async (t) => {
  const { child, client } = await start({
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "a",
    AWS_SECRET_ACCESS_KEY: "b",
  });
  const configured = ask(
    client,
    client.configure.bind(client) as Method<proto.ConfigureRequest, proto.ConfigureResponse>,
    new proto.ConfigureRequest().setArgs(struct({})),
  );
  const error = await t.throwsAsync(configured);
  t.regex(error?.message ?? "", /AWS_ENDPOINT_URL/);
  child.kill();
  await gone(child);
  client.close();
});

test("a plugin whose engine died goes too", async (t) => {
  const script = `require("child_process").spawn(process.execPath, [${JSON.stringify(bundlePath(folder, "aws"))}], { stdio: ["ignore", 1, 2] }).stdout; console.error("pid");`;
  const parent = spawn(process.execPath, ["-e", script + `process.stdin.resume();`], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => parent.stdout.once("close", resolve));
  await new Promise<void>((resolve) =>
    parent.stdout.once("data", () => {
      resolve();
    }),
  );
  parent.kill("SIGKILL");
  // The pipe closes when its last writer, the plugin, is gone.
  await ended;
  t.pass();
});
