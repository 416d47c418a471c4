"use client";
import { useRouter } from "next/navigation";
import type { Block } from "@/lib/contract/blocks.ts";
import { blockColumns } from "../blocks/block-columns.tsx";
import { DataTable } from "../ui/data-table.tsx";

const columns = blockColumns.filter(({ id }) => id !== "reserved" && id !== "free");

interface Props {
  readonly rows: readonly Block[];
  readonly total: number | null;
  readonly onEnd: () => void;
}

/** The blocks that lie in no pool; one opens as its addresses. */
export function OutsideTable({ rows, total, onEnd }: Props) {
  const router = useRouter();
  return (
    <DataTable
      label="Blocks outside any pool"
      columns={columns}
      rows={rows}
      rowId={(block) => block.name}
      sort={null}
      serverSorted
      total={total}
      onEnd={onEnd}
      onOpen={(block) => router.push(`/addresses?block=${encodeURIComponent(block.name)}`)}
    />
  );
}
