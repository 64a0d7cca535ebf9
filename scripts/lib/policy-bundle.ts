/**
 * The policy pack as one JavaScript file, its `main`. It is kept in git and has all packages that it needs in it, so
 * that `pulumi preview --policy-pack policy` works from a fresh clone and from a copy in any other repository.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import * as rpc from "@pulumi/pulumi/runtime/rpc";
import { build, type Plugin } from "esbuild";

export function packFile(root: string): string {
  return path.join(root, "policy", "bin", "index.js");
}

/** The file's content, made from the sources as they are now. */
export async function packCode(root: string): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [path.join("policy", "index.ts")],
    bundle: true,
    write: false,
    platform: "node",
    target: "node20",
    plugins: [onlyTheProtocol, ownProtobuf],
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    banner: { js: "// Built from policy/index.ts by `npm run policy`; do not edit." },
    logLevel: "error",
  });
  return outputFiles.map((file) => file.text).join("");
}

/** All of `@pulumi/pulumi` that the policy SDK uses, but for messages and constants. */
const used: Readonly<Record<string, string>> = {
  asset: 'require("@pulumi/pulumi/asset")',
  // A check as the SDK's own: no output of a program reaches a pack.
  Output: "{ isInstance: (value) => value?.__pulumiOutput === true }",
};

/** The whole of `@pulumi/pulumi` would bring a compiler and npm, 10 MB of them. */
const onlyTheProtocol: Plugin = {
  name: "only-the-protocol",
  setup({ onResolve, onLoad }) {
    const filter = /^@pulumi\/pulumi(\/runtime\/rpc)?$/;
    onResolve({ filter }, ({ path: name, resolveDir, importer }) => {
      const missing = membersIn(fs.readFileSync(importer, "utf8")).filter((member) => !(member in used));
      if (missing.length > 0)
        throw new Error(`${importer} uses ${missing.join()}, which the bundle leaves out`);
      return { path: name, namespace: "protocol", pluginData: resolveDir };
    });
    const constants = Object.entries(rpc).filter(
      ([name, value]) => name.startsWith("special") && typeof value === "string",
    );
    const exported = (entries: readonly (readonly [string, string])[]): string =>
      entries.map(([key, value]) => `exports.${key} = ${value};`).join("\n");
    onLoad({ filter: /.*/, namespace: "protocol" }, ({ path: name, pluginData }) => ({
      resolveDir: pluginData as string,
      contents: exported(
        name.endsWith("/rpc")
          ? constants.map(([key, value]) => [key, JSON.stringify(value)])
          : Object.entries(used),
      ),
    }));
  },
};

/** Members of `@pulumi/pulumi` in compiled code, which calls the module `pulumi_1`. */
function membersIn(code: string): string[] {
  return [...code.matchAll(/\bpulumi_1\.(\w+)/g)].map(([, member = ""]) => member);
}

/**
 * Google's generated messages register themselves in one global object, so that a second copy of them in the process,
 * that of the SDK which starts the pack, would take over. Pulumi's own messages already keep to themselves like this.
 */
const ownProtobuf: Plugin = {
  name: "own-protobuf",
  setup({ onLoad }) {
    onLoad({ filter: /google-protobuf[\\/]google[\\/]protobuf[\\/]\w+_pb\.js$/ }, ({ path: file }) => {
      const text = fs.readFileSync(file, "utf8");
      const contents = text.replace(
        /^var global =[\s\S]*?\(\);\n/m,
        "var proto = { google: { protobuf: {} } }, global = proto;\n",
      );
      if (contents === text) throw new Error(`${file} no longer says what its global object is`);
      return { contents };
    });
  },
};

/** Writes the file if it is not what the sources say. */
export async function ensurePack(root: string): Promise<boolean> {
  const [file, code] = [packFile(root), await packCode(root)];
  if (fs.existsSync(file) && fs.readFileSync(file, "utf8") === code) return false;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, code);
  return true;
}
