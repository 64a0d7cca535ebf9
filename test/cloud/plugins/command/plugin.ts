import { type Context } from "../frame/definition";
import { messageOf } from "../frame/errors";
import { type Plugin } from "../frame/plugin";
import { type CommandContext } from "./context";
import { copyToRemote } from "./copy-to-remote";
import { localCommand, localRun } from "./local";
import { remoteCommand } from "./remote-command";

export const types = [copyToRemote, localCommand, remoteCommand];
export const invokes = [localRun];

export class CommandPlugin implements Plugin<CommandContext> {
  readonly name = "command";
  /** The version of the official plugin that this stands in for: that of the `@pulumi/command` package. */
  readonly version = "1.2.1";
  readonly config = {};
  readonly types = new Map(types.map((type) => [type.token, type]));
  readonly invokes = new Map(invokes.map((call) => [call.token, call]));
  readonly remedy =
    "Declare it in test/cloud/plugins/command (one file per type, see the README in test/cloud/plugins), or leave it out.";

  configure(): void {
    // The command provider has no configuration.
  }

  context(base: Context): CommandContext {
    return { ...base, output: undefined };
  }

  explain(error: unknown): string {
    return messageOf(error);
  }
}
