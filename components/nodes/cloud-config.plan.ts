import { gzipSync } from "node:zlib";
import { stringify } from "yaml";
import { type Planned, planned, refused } from "../network/problem.plan";

/** A file that cloud-init writes. */
export interface CloudFile {
  path: string;
  content: string;
  /** Octal, e.g. `0755`. @default "0644" */
  permissions?: string;
  /** Carry it compressed, for what would not fit otherwise; people cannot read it in the console then. @default false */
  compress?: boolean;
}

/** The part of cloud-config that the lab uses. */
export interface CloudConfig {
  packages?: string[];
  files: CloudFile[];
  /** Commands of the first boot, each a list of arguments: no shell reads them. */
  commands: string[][];
}

/** EC2 accepts that many bytes of user data, before base64 (EC2 User Guide, "Add user data"). */
export const USER_DATA_LIMIT = 16_384;

/** Renders cloud-config, or says that it is too long for EC2. `key` names what is at fault. */
export function renderCloudConfig(config: CloudConfig, key: string): Planned<string> {
  const body = {
    ...(config.packages?.length ? { package_update: true, packages: config.packages } : {}),
    write_files: config.files.map(({ path, content, permissions, compress }) => ({
      path,
      // A quoted string: as a number, 0644 would be read as four hundred and twenty.
      permissions: permissions ?? "0644",
      owner: "root:root",
      ...(compress
        ? { encoding: "gz+b64", content: gzipSync(content, { level: 9 }).toString("base64") }
        : { content }),
    })),
    runcmd: config.commands,
  };
  // YAML 1.1 is what cloud-init's parser reads: there, "no" and 0755 mean other things than in YAML 1.2.
  const text = `#cloud-config\n${stringify(body, { version: "1.1", lineWidth: 0 })}`;
  const bytes = Buffer.byteLength(text);
  if (bytes <= USER_DATA_LIMIT) return planned(text);
  return refused({
    key,
    reason: `the user data is ${bytes} bytes long, and EC2 accepts ${USER_DATA_LIMIT}`,
    remedy: "shorten the scripts or values that go into it, or fetch them at boot",
  });
}
