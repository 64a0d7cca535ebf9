/** The environment variable that names a program's mistake; `none` is the program as it is. */
export const mistakeVariable = "FAILOVER_LAB_MISTAKE";
