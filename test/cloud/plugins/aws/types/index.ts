import { type AwsDefinition } from "../define";
import { vpc } from "./ec2/vpc";

/** Every type the stand-in serves. */
export const types: readonly AwsDefinition[] = [vpc];
