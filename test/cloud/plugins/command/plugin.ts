import { type AnyDefinition, type AnyInvoke, type Context } from "../frame/definition";
import { messageOf } from "../frame/errors";
import { type Plugin } from "../frame/plugin";

export class CommandPlugin implements Plugin<Context> {
  readonly name = "command";
  readonly version = "1.2.1";
  readonly config = {};
  readonly types = new Map<string, AnyDefinition<Context>>();
  readonly invokes = new Map<string, AnyInvoke<Context>>();
  readonly remedy =
    "Declare it in test/cloud/plugins/command (one file per type, see the README there), or leave it out.";

  configure(): void {
    // The command provider has no configuration.
  }

  context(base: Context): Context {
    return base;
  }

  explain(error: unknown): string {
    return messageOf(error);
  }
}
