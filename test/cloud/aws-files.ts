/** The lab's own AWS configuration, for clients that ask for a profile by name: `aws --profile default`, boto3, agents. */
import * as fs from "node:fs";
import * as path from "node:path";
import { LAB_CREDENTIALS } from "./api/admin/types";

export interface AwsFiles {
  /** For AWS_CONFIG_FILE. */
  readonly config: string;
  /** For AWS_SHARED_CREDENTIALS_FILE. */
  readonly credentials: string;
}

export function awsFiles(directory: string): AwsFiles {
  return {
    config: path.join(directory, "aws", "config"),
    credentials: path.join(directory, "aws", "credentials"),
  };
}

/**
 * Writes the two files. Keys too, since a client that is asked for a profile leaves those of the environment aside.
 * @param url the gateway's address
 */
export function writeAwsFiles(directory: string, url: string, region: string): void {
  const files = awsFiles(directory);
  const { accessKeyId, secretAccessKey } = LAB_CREDENTIALS;
  write(files.config, ["[default]", `region = ${region}`, `endpoint_url = ${url}`]);
  write(files.credentials, [
    "[default]",
    `aws_access_key_id = ${accessKeyId}`,
    `aws_secret_access_key = ${secretAccessKey}`,
  ]);
}

/** Whole or not at all: a client may read at any time. */
function write(file: string, lines: readonly string[]): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(
    `${file}.new`,
    ["# Made by the lab; written anew at each start.", ...lines, ""].join("\n"),
  );
  fs.renameSync(`${file}.new`, file);
}
