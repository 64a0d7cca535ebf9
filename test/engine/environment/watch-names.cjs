"use strict";
/**
 * `node watch-names.cjs FILE`: a name server on 127.0.0.1:53 of its network namespace that knows nothing and writes down
 * each name that it is asked for, a line each.
 */
const { createSocket } = require("node:dgram");
const fs = require("node:fs");

const file = process.argv[2];
const socket = createSocket("udp4");

/** The question's name: labels, each after its length (RFC 1035, 4.1.2). */
function nameIn(message) {
  const labels = [];
  for (let at = 12; message[at] > 0; at += message[at] + 1)
    labels.push(message.toString("latin1", at + 1, at + 1 + message[at]));
  return labels.join(".");
}

socket.on("message", (message, { port, address }) => {
  fs.appendFileSync(file, `${nameIn(message)}\n`);
  const answer = Buffer.from(message);
  answer[2] |= 0x80; // a response
  answer[3] = (answer[3] & 0xf0) | 3; // there is no such name
  socket.send(answer, port, address);
});
socket.bind(53, "127.0.0.1", () => fs.writeFileSync(file, ""));
