import { connect, createServer, type NetConnectOpts, type Server } from "node:net";

/** Passes every connection on to the target, both ways. Close it with `close` and destroy what is left. */
export function createRelay(target: NetConnectOpts): Server {
  return createServer({ allowHalfOpen: true }, (incoming) => {
    const outgoing = connect({ ...target, allowHalfOpen: true });
    // Whichever end breaks, the other is to notice; there is nobody else to tell.
    incoming.on("error", () => outgoing.destroy());
    outgoing.on("error", () => incoming.destroy());
    incoming.pipe(outgoing).pipe(incoming);
  });
}
