import type { Unknown } from "./common.ts";
import { type PoolMap, type PoolMapFlag, poolMapFlags } from "./pool-map.ts";

/** The block map for people, all columns in words: claimed and reserved slots only. */
export interface PoolMapJson {
  readonly version: string;
  readonly pool: string;
  readonly cidr: string;
  readonly blockSize: number;
  readonly capacity: number;
  readonly possible: string;
  readonly unknown?: readonly Unknown[];
  readonly slots: readonly {
    /** Decimal digits. */
    readonly slot: string;
    /** Null: unclaimed (listed because it is reserved). */
    readonly used: number | null;
    readonly flags: readonly PoolMapFlag[];
    readonly node: string | null;
    /** It holds the most of the addresses that pods have here; null: no pod has one, or `severalNamespaces`. */
    readonly namespace: string | null;
    /** Several namespaces hold equally many of them, and no other more. */
    readonly severalNamespaces: boolean;
    /** RFC 3339; null: unclaimed, or nobody knows. */
    readonly claimed: string | null;
    readonly lent: number;
  }[];
}

export function poolMapJson(map: PoolMap): PoolMapJson {
  const { header, slot, used, flags } = map;
  const { version, pool, cidr, blockSize, capacity, possible, unknown } = header;
  const rows = Array.from({ length: header.rows }, (_, row) => row).filter(
    (row) => used[row] !== 0 || flags[row] !== 0,
  );
  const names = Object.keys(poolMapFlags) as PoolMapFlag[];
  return {
    version,
    pool,
    cidr,
    blockSize,
    capacity,
    possible,
    ...(unknown ? { unknown } : {}),
    slots: rows.map((row) => {
      const inUse = used[row] ?? 0;
      const claimed = map.claimed?.[row] ?? 0;
      const namespace = named(header.namespaces, map.namespace?.[row]);
      return {
        slot: String(slot?.[row] ?? row),
        used: inUse === 0 ? null : inUse - 1,
        flags: names.filter((name) => ((flags[row] ?? 0) & poolMapFlags[name]) !== 0),
        node: named(header.nodes, map.node?.[row]),
        namespace,
        severalNamespaces: namespace === null && (map.namespace?.[row] ?? 0) !== 0,
        claimed: claimed === 0 ? null : new Date(claimed * 1000).toISOString(),
        lent: map.lent?.[row] ?? 0,
      };
    }),
  };
}

function named(names: readonly (string | null)[] | null, id: number | undefined): string | null {
  return id ? (names?.[id - 1] ?? null) : null;
}
