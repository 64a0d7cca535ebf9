import { type AwsInvoke } from "../define";

/** Every function the stand-in serves. */
export const invokes: readonly AwsInvoke[] = [];
