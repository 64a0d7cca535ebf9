import type { Handlers } from "../gateway/handler";
import { vettedHandlers } from "./vetted";

/** Every action that the offline cloud has. */
export const handlers: Handlers = { ...vettedHandlers };
