/**
 * Loaded first in every worker of AVA. Tests see no more of the user's environment than the lab does, so that none of
 * them leaves the machine because of a variable; and what they start ends with them, also when they are killed.
 */
import * as path from "node:path";
import { forgetTheRest } from "./cloud/environment";
import { endWithMe } from "./cloud/janitor";

forgetTheRest(process.env);
endWithMe("FAILOVER_OWNER", path.join(__dirname, "cloud"));
