import Link from "next/link";
import { useSort } from "../ui/table-tools.tsx";
import { columnName, type MatrixColumn } from "./matrix-model.ts";
import { nodeColumns } from "./node-columns.tsx";
import classes from "./node-matrix.module.css";

/** How the nodes stand unless asked otherwise. */
export const byName = { id: "name", desc: false } as const;

interface Props {
  readonly columns: readonly MatrixColumn[];
  /** Indexes of those in the document. */
  readonly shown: readonly number[];
  /** Pixels of those that are not, at either side. */
  readonly pad: { readonly before: number; readonly after: number };
  readonly cellWidth: number;
}

/** The pools, and by which of the first two columns the nodes are sorted. */
export function MatrixHead({ columns, shown, pad, cellWidth }: Props) {
  return (
    <thead>
      <tr>
        <SortHead id="name" label="Node" className={classes.corner} />
        <SortHead id="used" label="All pools" style={{ width: cellWidth }} />
        <Pad width={pad.before} />
        {shown.map((index) => {
          const pool = columns[index] ?? null;
          const name = columnName(pool);
          return (
            <th
              key={index}
              scope="col"
              className={classes.pool}
              style={{ width: cellWidth }}
              aria-colindex={index + 3}
              title={name}
            >
              {pool === null ? name : <Link href={`/pools/${encodeURIComponent(pool)}`}>{name}</Link>}
            </th>
          );
        })}
        <Pad width={pad.after} />
      </tr>
    </thead>
  );
}

/** The room of columns that are not in the document. */
export function Pad({ width }: { width: number }) {
  return width > 0 ? <td aria-hidden="true" style={{ width }} /> : null;
}

interface SortHeadProps {
  readonly id: "name" | "used";
  readonly label: string;
  readonly className?: string | undefined;
  readonly style?: React.CSSProperties;
}

function SortHead({ id, label, className, style }: SortHeadProps) {
  const { sort, onSort } = useSort(nodeColumns, byName);
  const isSorted = sort.id === id;
  const desc = isSorted ? !sort.desc : id === "used";
  return (
    <th
      scope="col"
      className={className}
      style={style}
      aria-sort={isSorted ? (sort.desc ? "descending" : "ascending") : undefined}
    >
      <button type="button" className={classes.sort} onClick={() => onSort({ id, desc })}>
        {label}
        {isSorted ? <span aria-hidden="true"> {sort.desc ? "↓" : "↑"}</span> : null}
      </button>
    </th>
  );
}
