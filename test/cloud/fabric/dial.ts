import * as fs from "node:fs";
import { connect, type Socket } from "node:net";
import { fabricPlace } from "./names";
import { readLine } from "./read-line";

/**
 * Connects to a host of the packet lab, as an administrator in the corporate network would.
 *
 * @param directory the lab's folder
 * @returns undefined where the lab has no packets, or the address is this machine's own: then it is connected to as usual
 * @throws if nobody answers there
 */
export async function dialIntoLab(
  directory: string | undefined,
  host: string,
  port: number,
): Promise<Socket | undefined> {
  if (directory === undefined || /^127\.|^localhost$|^::1$/.test(host)) return undefined;
  const { dial } = fabricPlace(directory);
  if (!fs.existsSync(dial)) return undefined;
  const socket = connect(dial);
  const answer = await new Promise<string>((resolve, reject) => {
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.write(`${host} ${port}\n`);
      readLine(socket).then(resolve, reject);
    });
  });
  if (answer === "connected") return socket;
  socket.destroy();
  throw new Error(answer);
}
