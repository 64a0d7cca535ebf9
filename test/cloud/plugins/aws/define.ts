import { type Definition, type InvokeDefinition } from "../frame/definition";
import { type Field, type Fields, map, text } from "../frame/fields";
import { hasUnknown, isValues, UNKNOWN, type Values } from "../frame/values";
import { type AwsContext } from "./context";
import { allTags, type TagWriter } from "./tags";

export type AwsDefinition = Definition<Fields, AwsContext>;
export type AwsInvoke = InvokeDefinition<Fields, AwsContext>;

interface Extras {
  /** How tags are written; a type without it has no tags. */
  readonly tags?: TagWriter;
  /** IAM and Route 53 know no regions; everything else has the property `region`. */
  readonly global?: boolean;
}

const region: Field<string> = text({ computed: true, forceNew: true });
const tagFields = { tags: map(), tagsAll: { ...map(), internal: true } as Field<Record<string, string>> };
type Common = typeof tagFields & { readonly region: Field<string> };

/** An AWS type: what it declares, and what all AWS types have: region, tags, the provider's default tags. */
export function resource<F extends Fields>(
  definition: Definition<F & Common, AwsContext> | Declared<F>,
  extras: Extras = {},
): AwsDefinition {
  const own = definition as unknown as AwsDefinition;
  const inputs: Fields = {
    ...own.inputs,
    ...(extras.tags ? tagFields : {}),
    ...(extras.global === true ? {} : { region: own.inputs["region"] ?? region }),
  };
  const write = extras.tags;
  return {
    ...own,
    inputs,
    desired(news, state, context) {
      const wanted: Values = { ...news };
      if (inputs["region"]) wanted["region"] ??= context.region;
      if (write)
        wanted["tagsAll"] = hasUnknown(news["tags"])
          ? unknownTags(news["tags"])
          : allTags(context, news["tags"]);
      return own.desired?.(wanted, state, context) ?? wanted;
    },
    ...(own.update || write
      ? {
          async update(context, id, news, changes, state) {
            if (write && changes.has("tags", "tagsAll"))
              await write(context, id, news["tagsAll"], state["tagsAll"]);
            await own.update?.(context, id, news, changes, state);
          },
        }
      : {}),
    async read(context, id, prior) {
      const state = await own.read(context, id, prior);
      return state && inputs["region"] ? { region: context.region, ...state } : state;
    },
  };
}

type Declared<F extends Fields> = Omit<Definition<F & Common, AwsContext>, "inputs"> & { readonly inputs: F };

export function invoke<F extends Fields>(definition: InvokeDefinition<F, AwsContext>): AwsInvoke {
  return definition as unknown as AwsInvoke;
}

/** A map with an unknown value keeps its known keys; a map that is unknown as a whole stays so. */
const unknownTags = (tags: unknown): unknown => (isValues(tags) ? tags : UNKNOWN);
