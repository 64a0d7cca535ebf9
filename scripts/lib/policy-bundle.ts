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

/** Of `@pulumi/pulumi`, the policy SDK needs assets and some constants; the whole of it would bring a compiler and npm. */
const onlyTheProtocol: Plugin = {
  name: "only-the-protocol",
  setup({ onResolve, onLoad }) {
    const filter = /^@pulumi\/pulumi(\/runtime\/rpc)?$/;
    onResolve({ filter }, ({ path: name, resolveDir }) => ({
      path: name,
      namespace: "protocol",
      pluginData: resolveDir,
    }));
    const constants = Object.entries(rpc).filter(
      ([name, value]) => name.startsWith("special") && typeof value === "string",
    );
    onLoad({ filter: /.*/, namespace: "protocol" }, ({ path: name, pluginData }) => ({
      resolveDir: pluginData as string,
      contents: name.endsWith("/rpc")
        ? constants.map(([key, value]) => `exports.${key} = ${JSON.stringify(value)};`).join("\n")
        : 'exports.asset = require("@pulumi/pulumi/asset");',
    }));
  },
};

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
