import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { SCRIPT_DIR } from "./samples";
import { run, testWith } from "./tools";

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answers(url: string): Promise<Response> {
  for (;;) {
    try {
      return await fetch(url);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

testWith("python3")(
  "it answers with the node's name over IPv4 and IPv6, and keeps no connection",
  async (t) => {
    const port = await freePort();
    const child = spawn(join(SCRIPT_DIR, "demo-responder"), ["node1", String(port)], { stdio: "ignore" });
    t.teardown(() => child.kill());
    for (const host of ["127.0.0.1", "[::1]"]) {
      const response = await answers(`http://${host}:${port}/any/path`);
      t.is(response.status, 200);
      t.is(await response.text(), "node1\n");
      t.is(response.headers.get("connection"), "close");
    }
    t.is((await fetch(`http://127.0.0.1:${port}/`, { method: "HEAD" })).status, 200);
  },
);

testWith("python3")("a client that says nothing does not keep others from being answered", async (t) => {
  const port = await freePort();
  const child = spawn(join(SCRIPT_DIR, "demo-responder"), ["node2", String(port)], { stdio: "ignore" });
  t.teardown(() => child.kill());
  await answers(`http://127.0.0.1:${port}/`);
  const silent = Array.from({ length: 20 }, () => connect(port, "127.0.0.1"));
  t.teardown(() => silent.forEach((socket) => socket.destroy()));
  await Promise.all(silent.map((socket) => new Promise((resolve) => socket.once("connect", resolve))));
  t.is(await (await fetch(`http://127.0.0.1:${port}/`)).text(), "node2\n");
});

testWith("python3")("wrong arguments are told", async (t) => {
  const { code, stderr } = await run(join(SCRIPT_DIR, "demo-responder"), ["node1"]);
  t.is(code, 1);
  t.regex(stderr, /usage: demo-responder NAME PORT/);
});
