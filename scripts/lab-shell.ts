/** `npm run lab:shell -- HOST [COMMAND…]`: a shell, or one command, on a host of the packet lab. */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { fabricControl, hostProcess } from "../test/cloud/fabric/daemon";
import { command, type CommandLine, UserError } from "./lib/command";
import { packetLab } from "./lib/packets";

const line: CommandLine = {
  name: "lab:shell",
  description: "Opens a shell, or runs one command, on a host of the packet lab.",
  examples: [
    ["npm run lab:shell -- node1", "a shell on node1"],
    [
      "npm run -s lab:shell -- client curl -s http://192.168.10.1:8080",
      "asks who serves, from the corporate network",
    ],
  ],
  define: (declared) =>
    declared
      .argument("<host>", "a host by its name, such as node1, forwarder1, client, corporate-dns")
      .argument(
        "[command...]",
        "what to run there instead of a shell; nothing of it is read as an option of this command",
      )
      .passThroughOptions(),
};

command(line, async (_options, [host = "", ...words]) => {
  const lab = await packetLab();
  const { hosts } = await fabricControl(lab).report();
  const found = hosts.find(({ name, key }) => name === host || key === host);
  if (found === undefined) {
    const names = hosts.map(({ name }) => name).sort();
    throw new UserError(`There is no host ${host}. There are: ${names.join(", ")}`);
  }
  const pid = hostProcess(lab.directory, found.key);
  if (pid === undefined) throw new UserError(`${found.name} does not run: it is ${found.state}.`);
  const enter = [
    "-t",
    String(pid),
    "--mount",
    "--uts",
    "--ipc",
    "--net",
    "--pid",
    "--cgroup",
    "--root",
    "--wdns=/root",
  ];
  const program = words.length > 0 ? words : ["/bin/bash", "--login"];
  return await passed("nsenter", [...enter, "--", ...program]);
});

/** Nothing of the machine's environment is seen there, but for the terminal. */
function passed(program: string, args: readonly string[]): Promise<number> {
  const env = {
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    HOME: "/root",
    LANG: "C.UTF-8",
    TERM: process.env.TERM ?? "dumb",
  };
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: "inherit", env });
    // Ctrl-C is for what runs there.
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
    child.once("error", reject);
    child.once("exit", (code, signal) =>
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    );
  });
}
