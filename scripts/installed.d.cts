/** The first package that differs from the lock file's, or undefined. */
export function difference(root: string): string | undefined;

/** The packages that the product itself needs, and that are not there in any version. */
export function missing(root: string): string[];
