import { type Declarations, type Declared, parseDeclaration } from "./declaration";
import { identityParameters } from "./identities";
import { instanceParameters } from "./instances";
import { nameParameters } from "./names";
import { networkParameters } from "./network";
import { transitParameters } from "./transit";

/** Every action that the offline cloud has, with the parameters that were compared with AWS. DryRun is EC2's everywhere. */
const DECLARATIONS: Declarations = {
  ...networkParameters,
  ...transitParameters,
  ...instanceParameters,
  ...identityParameters,
  ...nameParameters,
};

/** By `service:action`. */
export const PARAMETERS: ReadonlyMap<string, Declared> = new Map(
  Object.entries(DECLARATIONS).map(([action, declaration]) => [
    action,
    parseDeclaration(action.startsWith("ec2:") ? `${declaration} DryRun` : declaration),
  ]),
);
