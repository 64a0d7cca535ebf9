import type { Handlers } from "../gateway/handler";
import { describeHandlers } from "./describes";
import { identityHandlers } from "./identities";
import { instanceAttributeHandlers } from "./instance-attributes";
import { instanceDescribeHandlers } from "./instance-describes";
import { instanceStateHandlers } from "./instance-states";
import { launchHandlers } from "./launch";
import { routeHandlers } from "./routes";
import { vettedHandlers } from "./vetted";

/** Every action that the offline cloud has. */
export const handlers: Handlers = {
  ...vettedHandlers,
  ...describeHandlers,
  ...instanceDescribeHandlers,
  ...instanceStateHandlers,
  ...instanceAttributeHandlers,
  ...launchHandlers,
  ...routeHandlers,
  ...identityHandlers,
};
