"use client";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Block } from "@/lib/contract/blocks.ts";
import { blockQueries } from "@/lib/queries/blocks.ts";
import { flatten } from "@/lib/queries/lists.ts";
import { formatSort } from "../ui/column.ts";
import { DataTable } from "../ui/data-table.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { Empty } from "../ui/states.tsx";
import { useSort } from "../ui/table-tools.tsx";
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

const byCidr = { id: "cidr", desc: false };

/** The blocks of a pool, loaded window by window; loads on until the selected one is there. */
export function BlocksTable({ pool, selected, onOpen, visibility, filter, q = null }: Props) {
  const { sort, onSort } = useSort(blockColumns, byCidr);
  const query = useInfiniteQuery({
    ...blockQueries.list({ pool, sort: formatSort(sort), q }),
    placeholderData: keepPreviousData,
  });
  const { items } = flatten<Block>(query.data);
  const { hasNextPage, isFetching, fetchNextPage } = query;
  const missing = selected !== null && items !== null && !items.some((block) => block.name === selected);
  useEffect(() => {
    if (missing && hasNextPage && !isFetching) void fetchNextPage();
  }, [missing, hasNextPage, isFetching, fetchNextPage]);
  const rows = (items ?? []).filter(filter ?? (() => true));
  return (
    <QueryView query={query} what={`Reading the blocks of ${pool}`}>
      {() =>
        items === null ? (
          <Empty title="Blocks cannot be read" />
        ) : (
          <DataTable
            label="Blocks"
            columns={blockColumns}
            rows={rows}
            rowId={(block) => block.name}
            sort={sort}
            onSort={onSort}
            serverSorted
            selectedId={selected}
            onOpen={onOpen}
            {...(visibility === undefined ? {} : { visibility })}
            {...(hasNextPage ? { onEnd: () => void (isFetching ? null : fetchNextPage()) } : {})}
            empty={
              <Empty
                title={filter || q ? "No block matches" : "No block is claimed yet"}
                detail={
                  filter || q ? undefined : "A node claims its first block when it gives the first address."
                }
              />
            }
          />
        )
      }
    </QueryView>
  );
}
