import type { Family } from "./address.ts";
import { enabledPools } from "./candidate-pools.ts";
import { type Cidr, sameCidr } from "./cidr.ts";
import { decodeStringList } from "./go-json.ts";
import type { Pool } from "./pool.ts";
import { resolvePools } from "./resolve-pools.ts";

/** One entry of a pools annotation. */
export interface NamedPool {
  /** As written: a pool's name or a CIDR. */
  readonly text: string;
  readonly cidr: Cidr;
  /** Null: the CIDR is not exactly that of a pool. */
  readonly pool: Pool | null;
}

/** What an annotation asks for, before anybody looks at whether these pools may be used. */
export type PoolsAnnotation =
  /** There is none, or its text is empty: the next source decides. */
  | { readonly kind: "absent" }
  /** `[]` or `null`: no pool is asked for, and pools of the CNI configuration are overridden. */
  | { readonly kind: "empty" }
  | { readonly kind: "named"; readonly entries: readonly NamedPool[] }
  /** Every pod that it applies to fails with this text of Calico's. */
  | {
      readonly kind: "broken";
      readonly code: BrokenCode;
      readonly error: string;
      /** What of the list does name a range of the family; null: there is no list. */
      readonly entries: readonly NamedPool[] | null;
    };

export type BrokenCode = "not-json" | "unknown-pool" | "wrong-family";

/**
 * Reads `cni.projectcalico.org/ipv4pools` or `…/ipv6pools` as the CNI plugin does; null is an absent annotation. Pools are found by
 * name, enabled or not.
 * Source: projectcalico/calico@87c1590 cni-plugin/pkg/k8s/k8s.go CmdAddK8s, cni-plugin/internal/pkg/utils/utils.go ResolvePools
 */
export function parsePoolsAnnotation(
  raw: string | null,
  family: Family,
  pools: readonly Pool[],
): PoolsAnnotation {
  if (raw === null || raw === "") return { kind: "absent" };
  const decoded = decodeStringList(raw);
  if (!decoded.ok) return { kind: "broken", code: "not-json", error: decoded.error, entries: null };
  return namedPools(decoded.values, family, pools);
}

/** The same for a list that is already one: CNI configuration, or what a person is about to write. */
export function namedPools(
  names: readonly string[],
  family: Family,
  pools: readonly Pool[],
): PoolsAnnotation {
  if (names.length === 0) return { kind: "empty" };
  const entries: NamedPool[] = [];
  let error: string | null = null;
  for (const text of names) {
    const resolved = resolvePools([text], family, pools);
    if (!resolved.ok) {
      error ??= resolved.error;
      continue;
    }
    for (const cidr of resolved.cidrs) {
      entries.push({ text, cidr, pool: pools.find((pool) => sameCidr(pool.cidr, cidr)) ?? null });
    }
  }
  if (error === null) return { kind: "named", entries };
  const code = error.startsWith("error parsing pool") ? "unknown-pool" : "wrong-family";
  return { kind: "broken", code, error, entries };
}

/** How a person reads a broken annotation; `raw` is its text, `pools` those of the cluster. */
export function brokenAnnotationCause(
  code: BrokenCode,
  error: string,
  raw: string,
  family: Family,
  pools: readonly Pool[],
): string {
  switch (code) {
    case "not-json":
      return `The annotation is not a JSON list of texts such as ${exampleList(raw, family, pools)}`;
    case "unknown-pool":
      return `No pool is named ${/^error parsing pool "(.*)": /s.exec(error)?.[1] ?? "so"}`;
    case "wrong-family":
      return `${/^"(.*)" isn't/s.exec(error)?.[1] ?? "An entry"} is not an IPv${family} address: the pool belongs into the ipv${family === 4 ? 6 : 4}pools annotation`;
  }
}

/** The list as it was probably meant: the one pool whose name stands in the text, else one that gives addresses. */
function exampleList(raw: string, family: Family, pools: readonly Pool[]): string {
  const written = raw.replace(/[^\w.-]+/g, "");
  const isMeant = pools.some((pool) => pool.name === written && pool.cidr.family === family);
  return JSON.stringify([isMeant ? written : (enabledPools(pools, family)[0]?.name ?? "pool-name")]);
}
