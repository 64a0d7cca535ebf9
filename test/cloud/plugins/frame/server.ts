import * as grpc from "@grpc/grpc-js";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import * as pluginProto from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { type Context } from "./definition";
import { type Difference } from "./diff";
import { PartlyDone } from "./errors";
import { EngineLog } from "./log";
import { Operations, type Subject } from "./operations";
import { type Plugin } from "./plugin";
import { pluginSchema } from "./schema";
import { type Decoded, decode, encode, type Path, secretTexts, showPath, type Values } from "./values";

type Handler<Q, A> = (request: Q) => A | Promise<A>;

/** Serves a plugin to the engine: prints the port, answers, and goes when the engine goes. */
export function serve<C extends Context>(plugin: Plugin<C>): void {
  const log = new EngineLog(process.argv.slice(2).find((argument) => !argument.startsWith("-")));
  const server = new grpc.Server({
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  server.addService(ResourceProviderService, service(plugin, log));
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) {
      process.stderr.write(`plugin ${plugin.name}: can't listen on 127.0.0.1: ${error.message}\n`);
      process.exit(1);
    }
    process.stdout.write(`${String(port)}\n`);
  });
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => process.exit(0));
  // An engine that was killed can't tell its plugins: an orphan is adopted, and goes.
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(0);
  }, 1000).unref();
}

function service<C extends Context>(plugin: Plugin<C>, log: EngineLog): grpc.UntypedServiceImplementation {
  const operations = new Operations(plugin, (urn, message, severity) => {
    log.write(urn, message, severity);
  });
  return {
    handshake: unary((request: proto.ProviderHandshakeRequest) => {
      log.connect(request.getEngineAddress());
      return new proto.ProviderHandshakeResponse()
        .setAcceptSecrets(true)
        .setAcceptResources(true)
        .setAcceptOutputs(false);
    }),
    attach: unary((request: pluginProto.PluginAttach) => {
      log.connect(request.getAddress());
      return new Empty();
    }),
    getPluginInfo: unary(() => new pluginProto.PluginInfo().setVersion(plugin.version)),
    getSchema: unary(() => new proto.GetSchemaResponse().setSchema(JSON.stringify(pluginSchema(plugin)))),
    checkConfig: unary((request: proto.CheckRequest) => {
      const news = from(request.getNews());
      return checkResponse(operations.checkConfig(news.values), news.secrets);
    }),
    diffConfig: unary(() => new proto.DiffResponse().setChanges(proto.DiffResponse.DiffChanges.DIFF_NONE)),
    configure: unary((request: proto.ConfigureRequest) => {
      plugin.configure(from(request.getArgs()).values);
      return new proto.ConfigureResponse()
        .setAcceptsecrets(true)
        .setSupportspreview(true)
        .setAcceptresources(true);
    }),
    cancel: unary(() => {
      operations.cancel();
      return new Empty();
    }),
    check: unary((request: proto.CheckRequest) => {
      const news = from(request.getNews());
      const olds = from(request.getOlds()).values;
      return checkResponse(
        operations.check(subject(request), olds, news.values, request.getRandomseed_asU8()),
        news.secrets,
      );
    }),
    diff: unary((request: proto.DiffRequest) => {
      const state = from(request.getOlds()).values;
      const result = operations.diff(
        subject(request),
        state,
        from(request.getNews()).values,
        request.getIgnorechangesList(),
      );
      const response = new proto.DiffResponse()
        .setChanges(proto.DiffResponse.DiffChanges[result.differences.length > 0 ? "DIFF_SOME" : "DIFF_NONE"])
        .setDiffsList([...new Set(result.differences.map((difference) => String(difference.path[0])))])
        .setReplacesList([...result.replaces])
        .setDeletebeforereplace(result.deleteBeforeReplace)
        .setHasdetaileddiff(true);
      for (const difference of result.differences) {
        response.getDetaileddiffMap().set(showPath(difference.path), propertyDiff(difference));
      }
      return response;
    }),
    create: unary(async (request: proto.CreateRequest) => {
      const who = subject(request);
      const inputs = from(request.getProperties());
      const { id, state } = await keepingSecrets(inputs.secrets, () =>
        operations.create(who, inputs.values, request.getPreview(), secretTexts(inputs)),
      );
      return new proto.CreateResponse()
        .setId(id)
        .setProperties(toState(operations, who, state, inputs.secrets));
    }),
    read: unary(async (request: proto.ReadRequest) => {
      const who = subject(request);
      const inputs = from(request.getInputs());
      const olds = from(request.getProperties());
      const found = await operations.read(who, request.getId(), inputs.values, olds.values);
      if (found.id === "") return new proto.ReadResponse();
      const secrets = [...inputs.secrets, ...olds.secrets];
      return new proto.ReadResponse()
        .setId(found.id)
        .setProperties(toState(operations, who, found.state, secrets))
        .setInputs(to(found.inputs, inputs.secrets));
    }),
    update: unary(async (request: proto.UpdateRequest) => {
      const who = subject(request);
      const news = from(request.getNews());
      const olds = from(request.getOlds()).values;
      const ignored = request.getIgnorechangesList();
      const state = await keepingSecrets(news.secrets, () =>
        operations.update(
          who,
          request.getId(),
          olds,
          news.values,
          ignored,
          request.getPreview(),
          secretTexts(news),
        ),
      );
      return new proto.UpdateResponse().setProperties(toState(operations, who, state, news.secrets));
    }),
    delete: unary(async (request: proto.DeleteRequest) => {
      const inputs = from(request.getOldInputs()).values;
      const olds = from(request.getProperties());
      await operations.delete(subject(request), request.getId(), olds.values, inputs, secretTexts(olds));
      return new Empty();
    }),
    invoke: unary(async (request: proto.InvokeRequest) => {
      const args = from(request.getArgs());
      const { result, problems } = await operations.invoke(request.getTok(), args.values, secretTexts(args));
      const failures = problems.map(({ property, reason }) =>
        new proto.CheckFailure().setProperty(property).setReason(reason),
      );
      return new proto.InvokeResponse().setReturn(to(result, [])).setFailuresList(failures);
    }),
  };
}

function unary<Q, A>(handler: Handler<Q, A>): grpc.handleUnaryCall<Q, A> {
  return (call, callback) => {
    Promise.resolve()
      .then(() => handler(call.request))
      .then(
        (answer) => {
          callback(null, answer);
        },
        (error: unknown) => {
          callback(toServiceError(error));
        },
      );
  };
}

async function keepingSecrets<T>(secrets: readonly Path[], run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof PartlyDone) error.secrets = secrets;
    throw error;
  }
}

function toServiceError(error: unknown): Partial<grpc.StatusObject> {
  const message = error instanceof Error ? error.message : String(error);
  const metadata = new grpc.Metadata();
  if (error instanceof PartlyDone) {
    const detail = new proto.ErrorResourceInitFailed()
      .setId(error.id)
      .setProperties(to(error.state, widened(error.secrets)))
      .setInputs(to(error.inputs, error.secrets))
      .setReasonsList([...error.reasons]);
    const packed = new Any();
    packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const status = new Status().setCode(grpc.status.UNKNOWN).setMessage(message);
    status.addDetails(packed);
    metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  }
  return { code: grpc.status.UNKNOWN, details: message, metadata };
}

function subject(request: { getUrn(): string; getType(): string; getName(): string }): Subject {
  const urn = request.getUrn();
  const parts = urn.split("::");
  return {
    urn,
    type: request.getType() || (parts[2] ?? "").split("$").pop() || "",
    name: request.getName() || parts.slice(3).join("::"),
  };
}

const from = (struct: Struct | undefined): Decoded => decode(struct?.toJavaScript() ?? {});

const to = (values: Values, secrets: readonly Path[]): Struct =>
  Struct.fromJavaScript(encode(values, secrets) as Record<string, JavaScriptValue>);

/** A secret inside a list marks the whole list: the cloud may give its elements in another order. */
const widened = (secrets: readonly Path[]): Path[] =>
  secrets.map((path) => path.slice(0, 1 + path.findIndex((_, i) => typeof path[i + 1] !== "string")));

function toState<C extends Context>(
  operations: Operations<C>,
  who: Subject,
  state: Values,
  secrets: readonly Path[],
): Struct {
  const tops = new Set(secrets.map((path) => String(path[0])));
  return to(state, [...widened(secrets), ...operations.secretsOf(who, tops).map((name) => [name])]);
}

function checkResponse(
  checked: { inputs: Values; problems: readonly { property: string; reason: string }[] },
  secrets: readonly Path[],
): proto.CheckResponse {
  const failures = checked.problems.map(({ property, reason }) =>
    new proto.CheckFailure().setProperty(property).setReason(reason),
  );
  return new proto.CheckResponse().setInputs(to(checked.inputs, secrets)).setFailuresList(failures);
}

function propertyDiff(difference: Difference): proto.PropertyDiff {
  const kinds = proto.PropertyDiff.Kind;
  const plain = { add: kinds.ADD, delete: kinds.DELETE, update: kinds.UPDATE }[difference.kind];
  const replacing = { add: kinds.ADD_REPLACE, delete: kinds.DELETE_REPLACE, update: kinds.UPDATE_REPLACE }[
    difference.kind
  ];
  return new proto.PropertyDiff().setKind(difference.replace ? replacing : plain).setInputdiff(false);
}
