/** Which rules Calico's CRDs carry: those of v3.32 and before, or those of v3.33 and after. */
export type CalicoLevel = "v3.32" | "next";

/** @throws RangeError when the text is not a version */
export function calicoLevel(version: string): CalicoLevel {
  const found = /^v?(\d+)\.(\d+)/.exec(version);
  if (found === null) throw new RangeError(`${version} is not a Calico version such as v3.32.1`);
  const [major, minor] = [Number(found[1]), Number(found[2])];
  return major > 3 || (major === 3 && minor >= 33) ? "next" : "v3.32";
}
