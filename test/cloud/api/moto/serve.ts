import { MOTO_IMAGES } from "./images";
import { MOTO_PATCHES } from "./patches";
import { MOTO_REQUEST_PATCHES } from "./request-patches";
import { MOTO_RESOLVER_PATCHES } from "./resolver-patches";
import { MOTO_TRANSIT_GATEWAY_PATCHES } from "./transit-gateway-patches";

/**
 * The Python program that runs moto on a free loopback port, which it prints as `READY <port>`.
 *
 * It ends when its standard input closes: the kernel closes the pipe however the gateway ends, SIGKILL included, so no
 * moto is ever left behind. HTTP/1.1 keeps connections open, which saves a millisecond a call. It is a string so that
 * a bundled gateway needs no file beside it.
 */
export const MOTO_SERVE = `
import logging, os, sys, threading

def exit_with_the_gateway():
    try:
        while sys.stdin.buffer.read(4096):
            pass
    finally:
        os._exit(0)

threading.Thread(target=exit_with_the_gateway, daemon=True).start()

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

class Handler(MotoRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def log_request(self, *args):
        pass

${MOTO_PATCHES}
${MOTO_REQUEST_PATCHES}
${MOTO_RESOLVER_PATCHES}
${MOTO_TRANSIT_GATEWAY_PATCHES}
${MOTO_IMAGES}

logging.getLogger("werkzeug").setLevel(logging.ERROR)
app = DomainDispatcherApplication(create_backend_app)
app.debug = True
server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Handler)
server.daemon_threads = True
print("READY", server.server_port, flush=True)
server.serve_forever()
`;
