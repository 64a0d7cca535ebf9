import type { Cases } from "./_case";
import { firstBoots } from "./programs/first-boots";
import { machines } from "./programs/machines";
import { nameServers } from "./programs/name-servers";
import { permissions } from "./programs/permissions";
import { routing } from "./programs/routing";
import { secrets } from "./programs/secrets";
import { zones } from "./programs/zones";

export const programs: Cases = {
  ...routing,
  ...nameServers,
  ...firstBoots,
  ...secrets,
  ...machines,
  ...permissions,
  ...zones,
};
