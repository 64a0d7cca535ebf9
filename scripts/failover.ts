/** `npm run failover -- SERVICE NODE`, with the Pulumi that is installed: needs nothing of the offline cloud. */
import { failoverCommand } from "./failover/command";

failoverCommand();
