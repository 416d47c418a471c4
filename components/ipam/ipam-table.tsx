import Link from "next/link";
import type { Column } from "@/components/ui/column.ts";
import { DataTable } from "@/components/ui/data-table.tsx";
import { Foreign, Mono } from "@/components/ui/value.tsx";
import type { IpamShow } from "@/lib/contract/ipam-show.ts";

type Row = IpamShow["rows"][number];

/** The same rows as the text, as a table: figures as calicoctl prints them, pools linked. */
export function IpamTable({ show }: { show: IpamShow }) {
  return (
    <DataTable
      label="IPAM show"
      columns={columnsOf(show)}
      rows={show.rows}
      rowId={(row) => `${row.grouping} ${row.cidr}`}
      sort={null}
      serverSorted
    />
  );
}

function columnsOf(show: IpamShow): readonly Column<Row>[] {
  // The first two printed cells are grouping and CIDR; the rest are figures.
  const figures = show.columns.slice(2).map((header, index): Column<Row> => ({
    id: header,
    header,
    width: 150,
    align: "end",
    value: (row) => row.cells[index + 2] ?? null,
  }));
  return [
    { id: "GROUPING", header: "GROUPING", width: 110, value: (row) => row.grouping },
    {
      id: "CIDR",
      header: "CIDR",
      value: (row) => row.cidr,
      cell: (row) => <Mono>{row.cidr}</Mono>,
    },
    {
      id: "POOL",
      header: "Pool",
      width: 200,
      value: (row) => row.pool,
      cell: (row) =>
        row.pool === null ? (
          "outside every pool"
        ) : (
          <Link href={`/pools/${encodeURIComponent(row.pool)}`}>
            <Foreign>{row.pool}</Foreign>
          </Link>
        ),
    },
    ...figures,
  ];
}
