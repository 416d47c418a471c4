import type { Namespace } from "@/lib/contract/namespaces.ts";
import type { Column } from "../ui/column.ts";

/** What one namespace holds in one pool. */
export interface ShowbackLine {
  readonly namespace: string;
  readonly pool: string;
  /** Addresses in use, in decimal digits. */
  readonly inUse: string;
}

export const showbackColumns: readonly Column<ShowbackLine>[] = [
  { id: "namespace", header: "Namespace", value: (line) => line.namespace },
  { id: "pool", header: "Pool", value: (line) => line.pool },
  { id: "inUse", header: "Addresses in use", value: (line) => BigInt(line.inUse) },
];

/** A line for each namespace and pool (null: every pool) that it holds addresses of; null: what some hold cannot be read. */
export function showbackLines(namespaces: readonly Namespace[], pool: string | null): ShowbackLine[] | null {
  const lines: ShowbackLine[] = [];
  for (const { name, usage } of namespaces) {
    if (usage === null) return null;
    for (const each of usage) {
      if (pool === null || each.pool === pool)
        lines.push({ namespace: name, pool: each.pool, inUse: each.inUse });
    }
  }
  return lines;
}
