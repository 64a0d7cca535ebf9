import { proveStays } from "./_stays";

proveStays(true);
