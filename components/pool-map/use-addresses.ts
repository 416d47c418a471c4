import { useQueries } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import type { AddressMap } from "@/lib/contract/address-map.ts";
import type { PoolMap } from "@/lib/contract/pool-map.ts";
import { familyBits } from "@/lib/ipam/address.ts";
import { formatCidr, parseCidr } from "@/lib/ipam/cidr.ts";
import { poolMapQueries } from "@/lib/queries/pool-map.ts";
import { slotCidr } from "./model.ts";
import type { BlockAddresses } from "./paint-addresses.ts";

/** Addresses are read in aligned parts of this many bits, or a block where that is larger. */
const partBits = 12;

/** Parts that are read at once. In sparse pools each block has its own, and those beyond stay blocks. */
const mostParts = 40;

/** The CIDR of the part that a row's block lies in. */
function partOf(map: PoolMap, row: number): string {
  const { family, base } = slotCidr(map, row);
  const poolPrefix = parseCidr(map.header.cidr).cidr.prefix;
  const prefix = Math.max(poolPrefix, Math.min(map.header.blockSize, familyBits(family) - partBits));
  const bits = BigInt(familyBits(family) - prefix);
  return formatCidr({ family, base: (base >> bits) << bits, prefix });
}

/** The parts that these rows lie in, in their order, each once. */
export function partsOf(map: PoolMap, rows: readonly number[]): readonly string[] {
  const parts = new Set<string>();
  for (const row of rows) {
    parts.add(partOf(map, row));
    if (parts.size >= mostParts) break;
  }
  return [...parts];
}

/** The addresses of the blocks that are large enough on the screen. `see` is told which these are. */
export function useAddresses(map: PoolMap) {
  const { pool } = map.header;
  const [parts, setParts] = useState<readonly string[]>([]);
  const see = useCallback(
    (rows: readonly number[]) => {
      const next = partsOf(map, rows);
      setParts((before) => (before.join(" ") === next.join(" ") ? before : next));
    },
    [map],
  );
  const read = useQueries({
    queries: parts.map((cidr) => poolMapQueries.addresses(pool, cidr)),
    combine: (results) => ({
      maps: results.flatMap(({ data }) => (data === undefined ? [] : [data])),
      pending: results.some(({ isPending }) => isPending),
    }),
  });
  const { maps, pending } = read;
  const addresses = useMemo(() => {
    if (maps.length === 0) return null;
    const byPart = new Map(maps.map((each) => [each.header.cidr, each]));
    return (row: number): BlockAddresses | null => {
      const part = byPart.get(partOf(map, row));
      return part === undefined ? null : { map: part, at: indexIn(part, map, row) };
    };
  }, [maps, map]);
  return { addresses, see, pending };
}

function indexIn(part: AddressMap, map: PoolMap, row: number): number {
  return Number(slotCidr(map, row).base - parseCidr(part.header.cidr).cidr.base);
}
