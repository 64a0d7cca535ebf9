/**
 * Loaded first in every worker of AVA. Tests see no more of the user's environment than the lab does, so that none of
 * them leaves the machine because of a variable; and what they start ends with them, also when they are killed. Each has
 * a lab of its own, whatever lab the shell is pointed at.
 */
import * as path from "node:path";
import { labVariableNames } from "./cloud/checkouts";
import { forgetTheRest } from "./cloud/environment";
import { endWithMe } from "./cloud/janitor";

forgetTheRest(process.env);
for (const name of labVariableNames) Reflect.deleteProperty(process.env, name);
endWithMe("FAILOVER_OWNER", path.join(__dirname, "cloud"));
