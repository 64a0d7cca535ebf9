/** What `pulumi about` asks a language host. */
import * as fs from "node:fs";
import * as path from "node:path";
import {
  AboutResponse,
  DependencyInfo,
  type GetProgramDependenciesRequest,
  GetProgramDependenciesResponse,
} from "@pulumi/pulumi/proto/language_pb";

export function about(): AboutResponse {
  return new AboutResponse().setExecutable(process.execPath).setVersion(process.version);
}

interface PackageJson {
  readonly version?: string;
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
}

function packageJson(file: string): PackageJson {
  return JSON.parse(fs.readFileSync(file, "utf8")) as PackageJson;
}

/** The nearest package.json at or above a folder. */
function manifestOf(directory: string): string | undefined {
  const file = path.join(directory, "package.json");
  if (fs.existsSync(file)) return file;
  const parent = path.dirname(directory);
  return parent === directory ? undefined : manifestOf(parent);
}

/** Direct dependencies in their installed versions; transitive ones are not listed. */
export function programDependencies(request: GetProgramDependenciesRequest): GetProgramDependenciesResponse {
  const response = new GetProgramDependenciesResponse();
  const manifest = manifestOf(request.getInfo()?.getProgramDirectory() ?? request.getPwd());
  if (manifest === undefined) return response;
  const { dependencies = {}, devDependencies = {} } = packageJson(manifest);
  for (const [name, wanted] of Object.entries({ ...dependencies, ...devDependencies })) {
    const installed = path.join(path.dirname(manifest), "node_modules", name, "package.json");
    const version = fs.existsSync(installed) ? packageJson(installed).version : undefined;
    response.addDependencies(new DependencyInfo().setName(name).setVersion(version ?? wanted));
  }
  return response;
}
