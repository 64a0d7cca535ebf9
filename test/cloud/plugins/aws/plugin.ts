import { type Context } from "../frame/definition";
import { errorCode, messageOf } from "../frame/errors";
import { type Plugin } from "../frame/plugin";
import { type Values } from "../frame/values";
import { type Configured, configFields, readConfig } from "./config";
import { type AwsContext, need, partitionOf } from "./context";
import { invokes } from "./invokes";
import { Clients } from "./sdk";
import { types } from "./types";

/** The version of the official plugin that this stands in for: that of the `@pulumi/aws` package. */
const VERSION = "7.48.0";

export class AwsPlugin implements Plugin<AwsContext> {
  readonly name = "aws";
  readonly version = VERSION;
  readonly config = configFields;
  readonly types = new Map(types.map((type) => [type.token, type]));
  readonly invokes = new Map(invokes.map((call) => [call.token, call]));
  readonly remedy =
    "Declare it in test/cloud/plugins/aws (one file per type, see the README there), or leave it out, or use an AWS account.";

  #configured: Configured | undefined;
  #clients: Clients | undefined;
  #account: Promise<string> | undefined;

  constructor(private readonly environment: NodeJS.ProcessEnv = process.env) {}

  configure(config: Values): void {
    this.#configured = readConfig(config, this.environment);
    this.#clients = new Clients(this.#configured.settings);
    this.#account = undefined;
  }

  context(base: Context, values: Values): AwsContext {
    const configured = this.#configured;
    const clients = this.#clients;
    if (!configured || !clients)
      throw new Error(
        `${base.doing}: provider aws isn't configured yet. Report this as a bug of the stand-in.`,
      );
    const wanted = values["region"];
    const region =
      typeof wanted === "string" && /^[a-z]{2}(-[a-z]+)+-\d+$/.test(wanted)
        ? wanted
        : configured.settings.region;
    const callers = clients.callers(region, base.signal);
    return {
      ...base,
      ...callers,
      region,
      partition: partitionOf(region).id,
      defaultTags: configured.defaultTags,
      ignoreTags: configured.ignoreTags,
      account: () => (this.#account ??= this.#askAccount(callers, configured)),
    };
  }

  explain(error: unknown): string {
    const code = errorCode(error);
    const message = messageOf(error);
    if (code === "ECONNREFUSED" || /ECONNREFUSED/.test(message)) {
      const { endpoint } = this.#configured?.settings ?? {};
      return `nothing answers at ${endpoint ?? "the endpoint"}. Start the offline cloud with \`npm run lab\`.`;
    }
    if (!isServiceError(error)) return message;
    const request = error.$metadata.requestId;
    const denied = /AccessDenied|UnauthorizedOperation|AuthFailure|OptInRequired/.test(code);
    const remedy = denied ? " Give the credentials' identity a policy that allows it." : "";
    return `${code}: ${message}${request === undefined ? "" : ` (request ${request})`}${remedy}`;
  }

  async #askAccount(callers: Pick<AwsContext, "sts">, configured: Configured): Promise<string> {
    const account = need(
      (await callers.sts("GetCallerIdentity", {})).Account,
      "the account of the credentials",
    );
    const { allowedAccounts, forbiddenAccounts } = configured;
    if (
      forbiddenAccounts.includes(account) ||
      (allowedAccounts.length > 0 && !allowedAccounts.includes(account))
    ) {
      throw new Error(
        `the credentials belong to account ${account}, which aws:allowedAccountIds or aws:forbiddenAccountIds excludes. Use others.`,
      );
    }
    return account;
  }
}

function isServiceError(error: unknown): error is Error & { $metadata: { requestId?: string } } {
  return error instanceof Error && "$metadata" in error;
}
