const NUMERIC = /^[1-9][0-9]*$/;

/**
 * Compares two resourceVersions of one resource type: negative, 0 or positive, or null when either is not a number and
 * they differ. Works at any length. Comparing them is official since Kubernetes 1.35 (KEP-5504).
 */
export function compareResourceVersions(a: string, b: string): number | null {
  if (a === b) return 0;
  if (!NUMERIC.test(a) || !NUMERIC.test(b)) return null;
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : 1;
}

/** True only when both are numbers and `a` is the lower one. */
export function isOlder(a: string, b: string): boolean {
  return (compareResourceVersions(a, b) ?? 0) < 0;
}
