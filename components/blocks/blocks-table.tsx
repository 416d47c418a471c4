"use client";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Block } from "@/lib/contract/blocks.ts";
import { blockQueries } from "@/lib/queries/blocks.ts";
import { formatSort } from "../ui/column.ts";
import { DataTable } from "../ui/data-table.tsx";
import { ListState } from "../ui/list-state.tsx";
import { Empty } from "../ui/states.tsx";
import { useSort } from "../ui/table-tools.tsx";
import { useWindowed } from "../ui/use-windowed.ts";
import { blockColumns } from "./block-columns.tsx";

interface Props {
  readonly pool: string;
  /** Name of the selected block. */
  readonly selected: string | null;
  readonly onOpen: (block: Block) => void;
  readonly visibility?: Readonly<Record<string, boolean>>;
  /** Rows that are shown; all when absent. */
  readonly filter?: (block: Block) => boolean;
  readonly q?: string | null;
}

/** The order of the table when no other is asked for. */
export const byCidr = { id: "cidr", desc: false };

/** The blocks of a pool, window by window; goes to the selected one, wherever it is. What `filter` leaves is loaded from the first on. */
export function BlocksTable({ pool, selected, onOpen, visibility, filter, q = null }: Props) {
  const { sort, onSort } = useSort(blockColumns, byCidr);
  const asked = { pool, sort: formatSort(sort), q };
  const list = useWindowed(blockQueries.list(asked));
  const { rows, more, show } = list;
  const missing = selected !== null && !rows.some((block) => block.name === selected);
  // Whoever scrolls away from it is not brought back.
  const [found, setFound] = useState<string | null>(null);
  if (!missing && found !== selected) setFound(selected);
  const sought = missing && found !== selected;
  const place = useQuery({
    ...blockQueries.place(selected ?? "", asked),
    enabled: sought && filter === undefined,
  }).data;
  useEffect(() => {
    if (!sought) return;
    if (filter !== undefined) more();
    else if (typeof place === "number") show(place, place);
    // With each answer once more, until it is there: meanwhile the table tells what it shows.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies
  }, [sought, filter, more, place, show, rows]);
  const narrowed = filter !== undefined || Boolean(q);
  return (
    <ListState list={list} what="blocks" of={pool}>
      <DataTable
        label="Blocks"
        columns={blockColumns}
        rows={filter === undefined ? rows : rows.filter(filter)}
        rowId={(block) => block.name}
        sort={sort}
        onSort={onSort}
        serverSorted
        selectedId={selected}
        onOpen={onOpen}
        {...(visibility === undefined ? {} : { visibility })}
        {...(filter === undefined ? { total: list.total, places: list } : { total: null, onEnd: more })}
        empty={
          narrowed ? (
            <Empty title="No block matches" />
          ) : (
            <Empty
              title="No block is claimed yet"
              detail="A node claims its first block when it gives the first address."
            />
          )
        }
      />
    </ListState>
  );
}
