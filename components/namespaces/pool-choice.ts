import type { Namespace, NamespacePatch } from "@/lib/contract/namespaces.ts";
import { type Outcome, SETTLES_MS } from "../pools/outcome-unknown.ts";

/** What a person has chosen: entries in order per family; empty means no annotation. */
export interface Choice {
  readonly ipv4: readonly string[];
  readonly ipv6: readonly string[];
}

/** The entries an annotation names; empty when it is absent or cannot be understood. */
function entries(raw: string | null): readonly string[] {
  if (raw === null) return [];
  try {
    const value: unknown = JSON.parse(raw);
    return Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];
  } catch {
    return [];
  }
}

export function choiceOf(namespace: Namespace): Choice {
  return { ipv4: entries(namespace.annotation.ipv4), ipv6: entries(namespace.annotation.ipv6) };
}

/** The annotation's text for a list of pools; null: no annotation. */
export function valueOf(pools: readonly string[] | null): string | null {
  return pools === null ? null : JSON.stringify(pools);
}

/** What has to be written to get from the namespace as it is to the choice; a family that stays is absent. */
export function patchOf(namespace: Namespace, choice: Choice): NamespacePatch {
  const { uid, resourceVersion, annotation } = namespace;
  const change = (raw: string | null, chosen: readonly string[]) => {
    const wanted = chosen.length === 0 ? null : [...chosen];
    const same =
      raw === valueOf(wanted) || (raw !== null && sameList(entries(raw), chosen) && chosen.length > 0);
    return same ? undefined : wanted;
  };
  const ipv4pools = change(annotation.ipv4, choice.ipv4);
  const ipv6pools = change(annotation.ipv6, choice.ipv6);
  return {
    uid,
    resourceVersion,
    ...(ipv4pools === undefined ? {} : { ipv4pools }),
    ...(ipv6pools === undefined ? {} : { ipv6pools }),
  };
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((entry, index) => entry === b[index]);
}

/** Whether the namespace is already as the patch wants it. */
export function isAssigned({ annotation }: Namespace, { ipv4pools, ipv6pools }: NamespacePatch): boolean {
  return (
    (ipv4pools === undefined || annotation.ipv4 === valueOf(ipv4pools)) &&
    (ipv6pools === undefined || annotation.ipv6 === valueOf(ipv6pools))
  );
}

/**
 * What the namespace, read back at `currentAt`, says about a write that was sent at `sentAt` and got no answer. `asking`: nothing
 * current has been read. `notYet`: it is as it was, and the request may still be under way.
 */
export function assignmentOutcome(
  base: Namespace,
  patch: NamespacePatch,
  sentAt: number,
  {
    namespace,
    currentAt,
  }: { readonly namespace: Namespace | null | undefined; readonly currentAt: number | null },
): Outcome {
  if (namespace === undefined || currentAt === null || currentAt < sentAt) return "asking";
  if (namespace === null || namespace.uid !== base.uid) return "gone";
  if (isAssigned(namespace, patch)) return "happened";
  const { ipv4, ipv6 } = base.annotation;
  if (namespace.annotation.ipv4 !== ipv4 || namespace.annotation.ipv6 !== ipv6) return "changed";
  return currentAt - sentAt < SETTLES_MS ? "notYet" : "didNot";
}
