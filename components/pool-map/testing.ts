import type { PoolMap } from "@/lib/contract/pool-map.ts";

interface Parts {
  readonly cidr?: string;
  readonly blockSize?: number;
  /** 0: unclaimed; n + 1: n in use. */
  readonly used: readonly number[];
  readonly flags?: readonly number[];
  readonly slot?: readonly bigint[];
  readonly nodes?: readonly string[];
  readonly node?: readonly number[];
  readonly namespaces?: readonly (string | null)[];
  readonly namespace?: readonly number[];
  readonly claimed?: readonly number[];
  readonly lent?: readonly number[];
}

/** A pool map for tests: 10.64.0.0/20 in blocks of 64 unless said otherwise. */
export function testMap(parts: Parts): PoolMap {
  const { cidr = "10.64.0.0/20", blockSize = 26, used, flags, slot } = parts;
  const capacity = 2 ** ((cidr.includes(":") ? 128 : 32) - blockSize);
  return {
    header: {
      version: "e.1",
      state: "e.1",
      pool: "p",
      cidr,
      blockSize,
      capacity,
      possible: String(used.length),
      rows: used.length,
      nodes: parts.nodes ?? null,
      namespaces: parts.namespaces ?? null,
      columns: [],
    },
    slot: slot ?? null,
    used: capacity <= 254 ? Uint8Array.from(used) : Uint16Array.from(used),
    flags: Uint16Array.from(flags ?? used.map(() => 0)),
    node: parts.node ? Uint16Array.from(parts.node) : null,
    namespace: parts.namespace ? Uint16Array.from(parts.namespace) : null,
    claimed: parts.claimed ? Uint32Array.from(parts.claimed) : null,
    lent: parts.lent ? Uint8Array.from(parts.lent) : null,
  };
}

/** So many blocks of which nobody has claimed one. */
export function emptyMap(count: number, cidr?: string, blockSize?: number): PoolMap {
  return testMap({
    used: Array.from({ length: count }, () => 0),
    ...(cidr === undefined ? {} : { cidr }),
    ...(blockSize === undefined ? {} : { blockSize }),
  });
}
