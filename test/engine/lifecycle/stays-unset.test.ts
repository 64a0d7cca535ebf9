import { proveStays } from "./_stays";

proveStays(false);
