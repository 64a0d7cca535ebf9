import type { Cases } from "./_case";
import { firstBoots } from "./programs/first-boots";
import { nameServers } from "./programs/name-servers";
import { routing } from "./programs/routing";
import { secrets } from "./programs/secrets";

export const programs: Cases = { ...routing, ...nameServers, ...firstBoots, ...secrets };
