/** A fake AWS of its own for a test file, and the small VPC that most tests begin with. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as ec2 from "@aws-sdk/client-ec2";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { TestFn } from "ava";
import {
  type Cloud,
  CloudAdmin,
  type CloudSettings,
  ensurePython,
  LAB_CREDENTIALS,
  type PythonEnvironment,
  startCloud,
} from "../../cloud/api";
import { defaultLab } from "../../cloud/lab";

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

export interface ClientConfig {
  endpoint: string;
  region: string;
  credentials: Credentials;
  maxAttempts: number;
}

/** No delay at all: what is asked for has happened when the answer comes. */
export const AT_ONCE: Partial<CloudSettings> = {
  route53PendingMs: 0,
  detachMs: 0,
  instancePendingMs: 0,
  instanceStoppingMs: 0,
  instanceTerminatingMs: 0,
  statusCheckMs: 0,
};

export class TestCloud {
  private constructor(
    readonly cloud: Cloud,
    readonly python: PythonEnvironment,
  ) {}

  static async start(settings: Partial<CloudSettings> = AT_ONCE, auditFile?: string): Promise<TestCloud> {
    const python = await ensurePython(defaultLab().cacheDir, () => undefined);
    const file = auditFile === undefined ? {} : { auditFile };
    return new TestCloud(await startCloud({ python: python.python, settings, ...file }), python);
  }

  get admin(): CloudAdmin {
    return new CloudAdmin(this.cloud.url);
  }

  /** What an AWS client needs to reach this cloud. No retries: a test wants to see the first answer. */
  config(credentials: Credentials = LAB_CREDENTIALS, region = "us-east-1"): ClientConfig {
    return { endpoint: this.cloud.url, region, credentials, maxAttempts: 1 };
  }

  ec2(credentials?: Credentials, region?: string): ec2.EC2Client {
    return new ec2.EC2Client(this.config(credentials, region));
  }

  environment(): NodeJS.ProcessEnv {
    return {
      PATH: `${this.python.binDir}:${process.env.PATH ?? ""}`,
      HOME: tmpdir(),
      AWS_ENDPOINT_URL: this.cloud.url,
      AWS_REGION: "us-east-1",
      AWS_DEFAULT_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: LAB_CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: LAB_CREDENTIALS.secretAccessKey,
      AWS_PAGER: "",
    };
  }

  /** Runs a script with the interpreter; its standard output. @throws with everything that it printed if it fails */
  script(interpreter: string, text: string): Promise<string> {
    const folder = mkdtempSync(join(tmpdir(), "script-"));
    const file = join(folder, "script");
    writeFileSync(file, text);
    return new Promise((resolve, reject) => {
      execFile(interpreter, [file], { cwd: folder, env: this.environment() }, (error, stdout, stderr) => {
        rmSync(folder, { recursive: true });
        if (error === null) resolve(stdout);
        else reject(new Error(`${error.message}\n${stdout}${stderr}`));
      });
    });
  }
}

/** Starts a cloud before the tests of the file and ends it after them. */
export function withCloud(test: TestFn, settings?: Partial<CloudSettings>): () => TestCloud {
  let cloud: TestCloud | undefined;
  test.before(async () => {
    cloud = await TestCloud.start(settings);
  });
  test.after.always(async () => {
    await cloud?.cloud.close();
  });
  return () => {
    if (cloud === undefined) throw new Error("the cloud has not been started");
    return cloud;
  };
}

export const IMAGE_PARAMETER = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";

export interface Site {
  vpcId: string;
  /** In the first and in the second zone. */
  subnets: [string, string];
  tables: [string, string];
}

let sites = 0;

/** A VPC of its own with two subnets in two zones, a route table each. */
export async function makeSite(client: ec2.EC2Client): Promise<Site> {
  const block = (sites += 1);
  const { Vpc } = await client.send(new ec2.CreateVpcCommand({ CidrBlock: `10.${block}.0.0/16` }));
  const vpcId = Vpc?.VpcId ?? "";
  const make = async (index: number): Promise<[string, string]> => {
    const subnet = await client.send(
      new ec2.CreateSubnetCommand({
        VpcId: vpcId,
        CidrBlock: `10.${block}.${index}.0/24`,
        AvailabilityZone: `us-east-1${"ab".charAt(index)}`,
      }),
    );
    const table = await client.send(new ec2.CreateRouteTableCommand({ VpcId: vpcId }));
    const SubnetId = subnet.Subnet?.SubnetId ?? "";
    const RouteTableId = table.RouteTable?.RouteTableId ?? "";
    await client.send(new ec2.AssociateRouteTableCommand({ SubnetId, RouteTableId }));
    return [SubnetId, RouteTableId];
  };
  const [first, firstTable] = await make(0);
  const [second, secondTable] = await make(1);
  return { vpcId, subnets: [first, second], tables: [firstTable, secondTable] };
}

/** Launches an instance of Amazon Linux 2023. */
export async function launch(
  cloud: TestCloud,
  subnetId: string,
  more: Partial<ec2.RunInstancesCommandInput> = {},
): Promise<ec2.Instance> {
  const { Parameter } = await new SSMClient(cloud.config()).send(
    new GetParameterCommand({ Name: IMAGE_PARAMETER }),
  );
  const input = { ImageId: Parameter?.Value, InstanceType: "t3.medium" as const, MinCount: 1, MaxCount: 1 };
  const { Instances } = await cloud
    .ec2()
    .send(new ec2.RunInstancesCommand({ ...input, SubnetId: subnetId, ...more }));
  const [instance] = Instances ?? [];
  if (instance === undefined) throw new Error("RunInstances answered without an instance");
  return instance;
}

/** The id of an instance that was launched in the subnet, and of its primary interface. */
export async function launchNode(
  cloud: TestCloud,
  subnetId: string,
  more: Partial<ec2.RunInstancesCommandInput> = {},
): Promise<{ id: string; eni: string }> {
  const instance = await launch(cloud, subnetId, more);
  return { id: instance.InstanceId ?? "", eni: instance.NetworkInterfaces?.[0]?.NetworkInterfaceId ?? "" };
}

/** The error's code and message, as the client got them. */
export async function refusal(
  call: Promise<unknown>,
): Promise<{ code: string; message: string; status: number }> {
  try {
    await call;
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    return { code: name, message, status: $metadata?.httpStatusCode ?? 0 };
  }
  throw new Error("the call was expected to be refused, but it succeeded");
}
