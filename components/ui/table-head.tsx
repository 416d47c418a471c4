import { type Column, formatSort, parseSort, type Sort } from "./column.ts";
import classes from "./data-table.module.css";

interface Props<Row> {
  readonly columns: readonly Column<Row>[];
  readonly sort: Sort | null;
  readonly onSort: ((sort: Sort) => void) | undefined;
}

/** The heads of a table; those that sort are buttons. */
export function TableHead<Row>({ columns, sort, onSort }: Props<Row>) {
  return (
    <thead className={classes.head}>
      <tr>
        {columns.map((column) => (
          <Head key={column.id} column={column} sort={sort} onSort={onSort} />
        ))}
      </tr>
    </thead>
  );
}

/** The sort without a head to click: below 700 px. */
export function PhoneSort<Row>({
  columns,
  sort,
  onSort,
}: {
  columns: readonly Column<Row>[];
  sort: Sort;
  onSort: (sort: Sort) => void;
}) {
  const choices = columns.filter((column) => column.sortable !== false);
  return (
    <label className={classes.phoneSort}>
      Sort by
      <select
        value={formatSort(sort)}
        onChange={(event) => {
          const next = parseSort(event.currentTarget.value, columns);
          if (next) onSort(next);
        }}
      >
        {choices.flatMap(({ id, header }) => [
          <option key={id} value={id}>{`${header} ↑`}</option>,
          <option key={`-${id}`} value={`-${id}`}>{`${header} ↓`}</option>,
        ])}
      </select>
    </label>
  );
}

function Head<Row>({
  column,
  sort,
  onSort,
}: {
  column: Column<Row>;
  sort: Sort | null;
  onSort: ((sort: Sort) => void) | undefined;
}) {
  const active = sort?.id === column.id;
  const sortable = onSort !== undefined && column.sortable !== false;
  return (
    <th
      scope="col"
      className={classes.headCell}
      data-align={column.align}
      aria-sort={active ? (sort.desc ? "descending" : "ascending") : undefined}
    >
      {sortable ? (
        <button
          type="button"
          className={classes.sort}
          onClick={() => onSort({ id: column.id, desc: active ? !sort.desc : false })}
        >
          {column.header}
          {active ? <span aria-hidden="true">{sort.desc ? " ↓" : " ↑"}</span> : null}
        </button>
      ) : (
        column.header
      )}
      {column.headNote === undefined ? null : <span className={classes.headNote}>{column.headNote}</span>}
    </th>
  );
}
