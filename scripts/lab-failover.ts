/** `npm run failover -- SERVICE NODE` where a lab has been set up: the offline stack's workspace is the lab's. */
import { failoverCommand } from "./failover/command";
import { labWorkspace } from "./lib/lab-workspace";

failoverCommand([labWorkspace]);
