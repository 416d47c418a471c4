"use client";
import type { Block } from "@/lib/contract/blocks.ts";
import { blockQueries } from "@/lib/queries/blocks.ts";
import type { Progress } from "@/lib/queries/lists.ts";
import { formatSort } from "../ui/column.ts";
import { SaveRows } from "../ui/save-buttons.tsx";
import { useSort } from "../ui/table-tools.tsx";
import { blockColumns } from "./block-columns.tsx";
import { byCidr } from "./blocks-table.tsx";

interface Props {
  readonly pool: string;
  readonly q?: string | null;
  /** Which of them; all when absent. */
  readonly filter?: (block: Block) => boolean;
}

/** Saves every block that `BlocksTable` with the same properties lists, in its order. */
export function SaveBlocks({ pool, q = null, filter }: Props) {
  const { sort } = useSort(blockColumns, byCidr);
  const { whole } = blockQueries.list({ pool, sort: formatSort(sort), q });
  const rows = async (signal: AbortSignal, tell: Progress) => {
    const list = await whole(signal, tell);
    if (filter === undefined || list.items === null) return list;
    const items = list.items.filter(filter);
    return { ...list, items, total: items.length };
  };
  return <SaveRows name={`blocks-${pool}`} columns={blockColumns} rows={rows} />;
}
