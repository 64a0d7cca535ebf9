/** Whether a bundle is newer than the installed packages and than every file of ours that went into it. */
export function isFresh(root: string, bundle: string): boolean;

/** `require` of a bundle, from V8's compiled code if there is any. */
export function loadBundle(file: string, options?: { asMain?: boolean; endsItself?: boolean }): unknown;
