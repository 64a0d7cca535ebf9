import { type Context } from "./definition";
import { type Field, type Fields } from "./fields";
import { type Plugin } from "./plugin";
import { type Values } from "./values";

/** The package schema of what the stand-in serves: `pulumi import` asks for it to write code. */
export function pluginSchema<C extends Context>(plugin: Plugin<C>): Values {
  const resources = [...plugin.types.values()].map((definition) => [
    definition.token,
    {
      inputProperties: properties(definition.inputs),
      requiredInputs: Object.keys(definition.inputs).filter(
        (name) => definition.inputs[name]?.required === true,
      ),
      properties: {
        ...properties(definition.inputs),
        ...Object.fromEntries(definition.outputs.map((name) => [name, ANY])),
      },
    },
  ]);
  return { name: plugin.name, version: plugin.version, resources: Object.fromEntries(resources) as Values };
}

const ANY = { $ref: "pulumi.json#/Any" };

function properties(fields: Fields): Values {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, shape(field)]));
}

function shape(field: Field): Values {
  switch (field.kind) {
    case "string":
    case "number":
    case "boolean":
      return { type: field.kind };
    case "list":
    case "set":
      return { type: "array", items: field.of ? shape(field.of) : ANY };
    case "map":
      return { type: "object", additionalProperties: { type: "string" } };
    default:
      return ANY;
  }
}
