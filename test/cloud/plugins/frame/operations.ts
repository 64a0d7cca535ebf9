import { checkFields, checkResource, type Checked, keepsName } from "./check";
import { type AnyDefinition, type Context, type Problem } from "./definition";
import { compare, type Difference } from "./diff";
import { Cancelled, isOneOf, PartlyDone } from "./errors";
import { text } from "./fields";
import { type Plugin } from "./plugin";
import { idOf, inputsOf, keepIgnored, localsOf, plannedCreate, plannedUpdate, settled } from "./state";
import { at, parsePath, type Values } from "./values";
import { until } from "./wait";

export interface Subject {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
}

export interface DiffResult {
  readonly differences: readonly Difference[];
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

/** What is told to the engine's log while an operation runs. */
export type Say = (urn: string, message: string, severity: "debug" | "info") => void;

/** Secret texts, longest first. */
type Hidden = readonly string[];

/** Every provider resource may have these; they are for the engine. */
const ENGINE_CONFIG = { version: text(), pluginDownloadURL: text() };

/** How long a deletion waits for others that have to go first, and a read for what was just made. */
const BUSY_LIMIT = 60_000;
const APPEAR_LIMIT = 15_000;

/** The life of a resource, over the declarations: no wire format here, so that it is testable without an engine. */
export class Operations<C extends Context> {
  readonly #stop = new AbortController();

  constructor(
    readonly plugin: Plugin<C>,
    private readonly say: Say,
  ) {}

  cancel(): void {
    this.#stop.abort();
  }

  checkConfig(given: Values): Checked {
    return checkFields(
      { ...ENGINE_CONFIG, ...this.plugin.config },
      given,
      `provider ${this.plugin.name}`,
      this.plugin.remedy,
    );
  }

  check(subject: Subject, olds: Values, news: Values, seed: Uint8Array): Checked {
    return checkResource(
      this.#definition(subject),
      news,
      { name: subject.name, seed, olds },
      this.plugin.remedy,
    );
  }

  diff(subject: Subject, state: Values, news: Values, ignored: readonly string[]): DiffResult {
    const definition = this.#definition(subject);
    const differences = compare(definition, state, this.#desired(subject, news, state), ignored);
    const replaces = [...new Set(differences.filter((d) => d.replace).map((d) => String(d.path[0])))];
    const first =
      replaces.length > 0 &&
      (definition.deleteBeforeReplace === true || keepsName(definition, subject.name, state, news));
    return { differences, replaces, deleteBeforeReplace: first };
  }

  async create(
    subject: Subject,
    given: Values,
    preview: boolean,
    hidden: Hidden,
  ): Promise<{ id: string; state: Values }> {
    const definition = this.#definition(subject);
    const inputs = this.#desired(subject, given, {});
    if (preview) return { id: "", state: plannedCreate(definition, inputs) };
    let id: string | undefined;
    const context = this.#context("creating", subject, inputs, hidden, (made) => {
      id = made;
    });
    try {
      id = await definition.create(context, inputs);
      const made = id;
      const read = await until(
        context,
        `${made} to appear`,
        () => this.#read(definition, context, made, inputs, {}),
        { limit: APPEAR_LIMIT },
      );
      return { id: idOf(read, made), state: settled(definition, read, inputs) };
    } catch (error) {
      if (id === undefined) throw this.#explained(context, error);
      throw await this.#partly(definition, context, id, inputs, inputs, error);
    }
  }

  async read(
    subject: Subject,
    id: string,
    inputs: Values,
    state: Values,
  ): Promise<{ id: string; state: Values; inputs: Values }> {
    const definition = this.#definition(subject);
    const context = this.#context("reading", subject, { ...state, ...inputs });
    const importing = Object.keys(inputs).length === 0 && Object.keys(state).length === 0;
    try {
      const read = await this.#read(definition, context, id, inputs, state);
      if (!read) return { id: "", state: {}, inputs: {} };
      const now = settled(definition, read, importing ? {} : { ...localsOf(definition, state), ...inputs });
      return {
        id: idOf(read, id),
        state: now,
        inputs: inputsOf(definition, now, importing ? undefined : inputs),
      };
    } catch (error) {
      throw this.#explained(context, error);
    }
  }

  async update(
    subject: Subject,
    id: string,
    state: Values,
    given: Values,
    ignored: readonly string[],
    preview: boolean,
    hidden: Hidden,
  ): Promise<Values> {
    const definition = this.#definition(subject);
    const news = keepIgnored(this.#desired(subject, given, state), state, ignored);
    const differences = compare(definition, state, news, ignored);
    if (preview) return plannedUpdate(definition, state, news, differences);
    const names = new Set(differences.map((difference) => String(difference.path[0])));
    const context = this.#context("updating", subject, news, hidden);
    try {
      const inCloud = [...names].filter((name) => definition.inputs[name]?.local !== true);
      if (inCloud.length > 0 && !definition.update)
        throw new Error(`${inCloud.join(", ")} can't be changed in place`);
      const changes = { has: (...some: string[]) => some.some((name) => names.has(name)) };
      if (names.size > 0) await definition.update?.(context, id, news, changes, state);
      const read = await this.#read(definition, context, id, news, state);
      if (!read) throw new Error(`${id} is gone. Run \`pulumi refresh\`, then the update again.`);
      return settled(definition, read, news);
    } catch (error) {
      throw await this.#partly(
        definition,
        context,
        id,
        { ...state, ...localsOf(definition, news) },
        given,
        error,
      );
    }
  }

  async delete(subject: Subject, id: string, state: Values, inputs: Values, hidden: Hidden): Promise<void> {
    const definition = this.#definition(subject);
    const context = this.#context("deleting", subject, state, hidden);
    let last: unknown;
    try {
      await until(
        context,
        `what depends on ${id} to go`,
        async () => {
          try {
            await definition.delete(context, id, state, inputs);
            return true;
          } catch (error) {
            if (isOneOf(error, definition.gone)) return true;
            if (!isOneOf(error, definition.busy ?? [])) throw error;
            last = error;
            return undefined;
          }
        },
        { limit: BUSY_LIMIT },
      );
    } catch (error) {
      throw this.#explained(context, last ?? error);
    }
  }

  async invoke(
    token: string,
    args: Values,
    hidden: Hidden,
  ): Promise<{ result: Values; problems: Problem[] }> {
    const definition = this.plugin.invokes.get(token);
    if (!definition)
      throw new Error(
        `the stand-in plugin ${this.plugin.name} doesn't know the function ${token}. ${this.plugin.remedy}`,
      );
    const { inputs, problems } = checkFields(definition.inputs, args, token, this.plugin.remedy);
    if (problems.length > 0) return { result: {}, problems };
    const context = this.#context("calling", { urn: "", type: token, name: "" }, inputs, hidden);
    try {
      return { result: await definition.run(context, inputs as never), problems };
    } catch (error) {
      throw this.#explained(context, error);
    }
  }

  /** The outputs that are secret: declared so, or made from secret inputs. */
  secretsOf(subject: Subject, secretInputs: ReadonlySet<string>): string[] {
    const { inputs, derives = {} } = this.#definition(subject);
    const declared = Object.entries(inputs).filter(([, field]) => field.secret === true);
    const derived = Object.entries(derives).filter(([, sources]) =>
      sources.some((name) => secretInputs.has(name)),
    );
    return [...declared, ...derived].map(([name]) => name);
  }

  #definition(subject: Subject): AnyDefinition<C> {
    const definition = this.plugin.types.get(subject.type);
    if (definition) return definition;
    throw new Error(
      `the stand-in plugin ${this.plugin.name} doesn't know the type ${subject.type}. ${this.plugin.remedy}`,
    );
  }

  #context(
    verb: string,
    subject: Subject,
    values: Values,
    hidden: Hidden = [],
    created?: (id: string) => void,
  ): C {
    const open = (this.plugin.types.get(subject.type)?.shows ?? []).map((path) =>
      at(values, parsePath(path)),
    );
    const hide = (text: string): string =>
      hidden.reduce(
        (shown, secret) => (open.includes(secret) ? shown : shown.replaceAll(secret, "[secret]")),
        text,
      );
    const base: Context = {
      signal: this.#stop.signal,
      name: subject.name,
      doing: `${verb} ${subject.type} ${subject.name}`.trim(),
      created: created ?? (() => undefined),
      hide,
      say: (message, severity = "info") => {
        this.say(subject.urn, hide(message), severity);
      },
    };
    return this.plugin.context(base, values);
  }

  #desired(subject: Subject, news: Values, state: Values): Values {
    const definition = this.#definition(subject);
    return definition.desired?.(news, state, this.#context("comparing", subject, news)) ?? news;
  }

  async #read(
    definition: AnyDefinition<C>,
    context: C,
    id: string,
    inputs: Values,
    state: Values,
  ): Promise<Values | undefined> {
    try {
      return await definition.read(context, id, { inputs, state });
    } catch (error) {
      if (isOneOf(error, definition.gone)) return undefined;
      throw error;
    }
  }

  /** The engine must learn what is there now; if that can't be read either, what was there before, and both reasons. */
  async #partly(
    definition: AnyDefinition<C>,
    context: C,
    id: string,
    before: Values,
    inputs: Values,
    error: unknown,
  ): Promise<Error> {
    const explained = this.#explained(context, error);
    if (definition.virtual === true) return explained;
    const reasons = [explained.message];
    if (this.#stop.signal.aborted) return new PartlyDone(id, before, inputs, reasons);
    try {
      const read = await this.#read(definition, context, id, inputs, before);
      return new PartlyDone(
        id,
        read ? settled(definition, read, { ...localsOf(definition, before) }) : before,
        inputs,
        reasons,
      );
    } catch (failure) {
      reasons.push(`and reading it back failed: ${this.#explained(context, failure).message}`);
      return new PartlyDone(id, before, inputs, reasons);
    }
  }

  #explained(context: C, error: unknown): Error {
    if (error instanceof Cancelled || error instanceof PartlyDone) return error;
    if (this.#stop.signal.aborted) return new Cancelled(context.doing);
    const message = context.hide(this.plugin.explain(error));
    return new Error(message.startsWith(context.doing) ? message : `${context.doing}: ${message}`, {
      cause: error,
    });
  }
}
