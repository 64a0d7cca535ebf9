import type { Socket } from "node:net";

/** Reads the first line that comes, and leaves the rest for whoever reads next. @throws if the other side ends before */
export function readLine(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = Buffer.alloc(0);
    const read = (): void => {
      for (
        let chunk = socket.read() as Buffer | null;
        chunk !== null;
        chunk = socket.read() as Buffer | null
      ) {
        text = Buffer.concat([text, chunk]);
        const end = text.indexOf("\n");
        if (end === -1) continue;
        socket.off("readable", read);
        socket.off("end", ended);
        if (end + 1 < text.length) socket.unshift(text.subarray(end + 1));
        resolve(text.subarray(0, end).toString("utf8"));
        return;
      }
    };
    const ended = (): void => reject(new Error("the connection ended before a line had come"));
    socket.on("readable", read);
    socket.once("end", ended);
  });
}
