import type { Family } from "./address.ts";
import { decodeStringList } from "./go-json.ts";

export type RequestedFamilies =
  | { readonly ok: true; readonly families: readonly Family[] }
  | { readonly ok: false; readonly error: string };

/**
 * The families that a pod takes addresses of, IPv4 first. `raw`: the annotation `ipFamilies` that counts, the pod's own before its
 * namespace's; null or empty: the CNI configuration (`byConfig`) decides.
 * Source: projectcalico/calico@87c1590 cni-plugin/pkg/k8s/k8s.go CmdAddK8s
 */
export function requestedFamilies(raw: string | null, byConfig: readonly Family[]): RequestedFamilies {
  if (raw === null || raw === "") return { ok: true, families: byConfig };
  const list = decodeStringList(raw);
  if (!list.ok || list.values.some((one) => one !== "IPv4" && one !== "IPv6"))
    return { ok: false, error: `error parsing ipFamilies: ${raw}` };
  return { ok: true, families: ([4, 6] as const).filter((family) => list.values.includes(`IPv${family}`)) };
}
