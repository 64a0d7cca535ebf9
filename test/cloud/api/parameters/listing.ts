import type { ServiceModel, ServiceModels, Shape } from "../service-model/types";
import { PARAMETERS } from ".";

/** How the listing is made anew. */
const COMMAND = "node -r ts-node/register/transpile-only test/cloud/api/parameters/write-listing.ts";

/** Every action with the parameters that it has, and those that it refuses by name, as Markdown. */
export function parameterListing(models: ServiceModels): string {
  const actions = [...PARAMETERS].map(([key, declared]): string => {
    const [service = "", action = ""] = key.split(":");
    const model = models[service];
    if (model === undefined) throw new Error(`botocore has no model of ${service}`);
    const all = pathsOf(model, action);
    const has = all
      .filter((path) => declared.has(path))
      .map((path) => {
        const values = declared.get(path);
        return values === undefined ? path : `${path} (${values.join(", ")} only)`;
      });
    const refused = all.filter((path) => !declared.has(path));
    const lines = [
      `- **${key}**: ${has.join(", ") || "no parameters"}`,
      ...(refused.length === 0 ? [] : [`  - refused: ${withoutInner(refused, has).join(", ")}`]),
    ];
    return lines.join("\n");
  });
  const head =
    "# What each action has\n\n" +
    "Made of the declarations in `parameters/` and botocore's models; do not edit. A test compares it with them.\n" +
    `Made anew by \`${COMMAND}\`.\n\n`;
  return `${head}${actions.sort().join("\n")}\n`;
}

/** A structure of which nothing is there is named once. */
function withoutInner(refused: readonly string[], has: readonly string[]): string[] {
  const names = refused.map((path) => {
    const steps = path.split(".");
    const depth = steps.findIndex((_, index) => {
      const outer = `${steps.slice(0, index + 1).join(".")}.`;
      return !has.some((one) => one.startsWith(outer));
    });
    return steps.slice(0, depth + 1).join(".");
  });
  return [...new Set(names)];
}

/** The paths of all values in an action's parameters; lists are looked through. */
function pathsOf(model: ServiceModel, action: string): string[] {
  const paths: string[] = [];
  const walk = (shape: Shape | undefined, path: string, above: readonly Shape[]): void => {
    if (shape?.type === "list") {
      walk(model.shapes[shape.member?.shape ?? ""], path, above);
    } else if (shape?.members !== undefined && !above.includes(shape)) {
      for (const [name, member] of Object.entries(shape.members)) {
        const inner = path === "" ? name : `${path}.${name}`;
        walk(model.shapes[member.shape], inner, [...above, shape]);
      }
    } else if (path !== "") paths.push(path);
  };
  walk(model.shapes[model.operations[action]?.input ?? ""], "", []);
  return paths;
}
