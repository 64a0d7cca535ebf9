/**
 * The fabric of a lab as a process of its own: the first one of a process namespace, and in a mount namespace of its
 * own. What it makes (namespaces, links, mounts, hosts) is held by nothing outside, so that the kernel removes it all
 * when this process ends, however it ends. Only control groups stay, which are folders.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { writeReadyFile } from "../api/ready-file";
import { follow } from "../model";
import { serveControl } from "./control";
import { serveDial } from "./dial-server";
import { Fabric } from "./fabric";
import { makeImage } from "./hosts/image";
import { shell } from "./kernel/run";
import { fabricPlace, PRIVATE } from "./names";
import { Services } from "./services/processes";

const FOLDERS = `
mount -t tmpfs -o mode=0755 tmpfs /run
mkdir -p /run/netns "$@"
mount -t cgroup2 none "$1"
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      directory: { type: "string" },
      cloud: { type: "string" },
      "cloud-id": { type: "string" },
      region: { type: "string" },
      services: { type: "string" },
    },
  });
  const { directory, cloud, region, services } = values;
  const cloudId = values["cloud-id"];
  if (!directory || !cloud || !region || !services || !cloudId)
    throw new Error("The fabric: an argument is missing");
  if (process.pid !== 1) throw new Error("The fabric has to be the first process of a process namespace");
  const place = fabricPlace(directory);
  for (const folder of [place.disks, place.consoles]) fs.mkdirSync(folder, { recursive: true });
  await shell(FOLDERS, PRIVATE.cgroups, PRIVATE.hosts, PRIVATE.dhcp, PRIVATE.image);
  await makeImage();
  const fabric = new Fabric(
    place,
    new Services(services, path.join(directory, "packets", "certificates"), cloud),
  );
  const following = await follow(
    cloud,
    region,
    (model) => fabric.take(model),
    (reason) => {
      console.error(`The fabric ends: ${reason.message}`);
      process.exit(1);
    },
  );
  await serveControl(fabric, place.control);
  await serveDial(place.dial, "client");
  const file = writeReadyFile(place.ready, { cloudId });
  const end = (): void => {
    following.close();
    file.remove();
    fabric.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error("Ending the fabric:", error);
        process.exit(1);
      },
    );
  };
  process.once("SIGTERM", end);
  process.once("SIGINT", end);
  setInterval(() => {
    const reason = file.lost();
    if (reason === undefined) return;
    console.error(`The fabric ends, since nobody can find it any more: ${reason}.`);
    process.exit(1);
  }, 1000).unref();
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
