/** The instance identity document and its signatures (EC2 User Guide, "Instance identity documents"). */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { InstanceFacts } from "./facts";

export interface IdentitySigner {
  /** PEM of the certificate that verifies; AWS publishes its own ones by region. */
  readonly certificateFile: string;
  /** RSA over SHA-256, base64. */
  signature(document: string): Promise<string>;
  /** The document in PKCS #7, base64, without the lines around it. */
  pkcs7(document: string): Promise<string>;
}

/** The document, byte by byte the same at each call: it is what was signed. */
export function identityDocument({ accountId, region, instance, interfaces }: InstanceFacts): string {
  const document = {
    accountId,
    architecture: instance.architecture,
    availabilityZone: instance.availabilityZone,
    billingProducts: null,
    devpayProductCodes: null,
    marketplaceProductCodes: null,
    imageId: instance.imageId,
    instanceId: instance.id,
    instanceType: instance.instanceType,
    kernelId: null,
    pendingTime: `${instance.launchTime.slice(0, 19)}Z`,
    privateIp: interfaces[0]?.addresses[0] ?? instance.privateIpAddress,
    ramdiskId: null,
    region,
    version: "2017-09-30",
  };
  return JSON.stringify(document, undefined, 2);
}

/**
 * Makes a region's certificate, once, and signs with it, by OpenSSL. It is self-made: nobody but the lab trusts it, and
 * all three signatures are by the same RSA key, where AWS has one each.
 *
 * @param folder where key and certificate are kept; made if it is not there
 * @throws if OpenSSL is not installed or fails
 */
export async function identitySigner(folder: string, region: string): Promise<IdentitySigner> {
  const own = join(folder, region);
  if (!existsSync(own)) await makeCertificate(folder, own);
  const [key, certificateFile] = [join(own, "key.pem"), join(own, "certificate.pem")];
  const signed = new Map<string, Promise<string>>();
  // A document changes hardly ever, and is asked for at each boot.
  const once = (name: string, document: string, make: () => Promise<string>): Promise<string> => {
    const known = signed.get(name + document) ?? make();
    signed.set(name + document, known);
    return known;
  };
  return {
    certificateFile,
    signature: (document) =>
      once("signature", document, async () =>
        wrapped((await openssl(["dgst", "-sha256", "-sign", key], document)).toString("base64")),
      ),
    pkcs7: (document) =>
      once("pkcs7", document, async () => {
        const args = ["smime", "-sign", "-binary", "-nodetach", "-signer", certificateFile, "-inkey", key];
        return (await openssl([...args, "-outform", "PEM"], document))
          .toString()
          .replace(/-----.*-----\n/g, "")
          .trim();
      }),
  };
}

/** Puts key and certificate into their place together; if another process was faster, its pair is the one. */
async function makeCertificate(folder: string, own: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const fresh = await mkdtemp(join(folder, "new-"));
  try {
    const subject = "/C=US/ST=Washington State/L=Seattle/O=failover-lab";
    const files = ["-keyout", join(fresh, "key.pem"), "-out", join(fresh, "certificate.pem")];
    const args = ["-newkey", "rsa:2048", "-nodes", ...files];
    await openssl(["req", "-x509", "-sha256", "-days", "7000", "-subj", subject, ...args], "");
    await rename(fresh, own);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    if (!existsSync(join(own, "certificate.pem"))) throw error;
  }
}

function wrapped(base64: string): string {
  return base64.replace(/.{64}(?=.)/g, "$&\n");
}

function openssl(args: readonly string[], input: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = execFile("openssl", args, { encoding: "buffer" }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`openssl ${args[0] ?? ""}: ${stderr.toString().trim() || error.message}`));
    });
    child.stdin?.end(input);
  });
}
