"use client";
import { useElementSize } from "@mantine/hooks";
import { useCallback, useEffect, useMemo, useRef } from "react";
import { useShot } from "../shot/use-shot.ts";
import { type Column, type Sort, sortRows } from "./column.ts";
import { countText } from "./count.ts";
import classes from "./data-table.module.css";
import { lazily } from "./lazily.tsx";
import { PhoneSort, TableHead } from "./table-head.tsx";
import { useRowKeys } from "./row-keys.ts";
import { TableRow } from "./table-row.tsx";
import { AllRows, type Register, type RowsProps } from "./table-rows.tsx";
import { usePhone } from "./use-phone.ts";

export interface DataTableProps<Row> {
  /** Says what the rows are; the table's accessible name. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowId: (row: Row) => string;
  readonly sort: Sort | null;
  readonly onSort?: (sort: Sort) => void;
  /** The rows arrive sorted: the server did it. */
  readonly serverSorted?: boolean;
  /** Ids of the optional columns that are shown and the normal ones that are not; see useColumns. */
  readonly visibility?: Readonly<Record<string, boolean>>;
  /** 36 one line, 44 with a bar, 60 two lines. */
  readonly rowHeight?: 32 | 36 | 44 | 60;
  /** The selected row: marked, and scrolled to when it changes. */
  readonly selectedId?: string | null;
  /** Enter or a click on a row. Links and buttons inside a row keep their own meaning. */
  readonly onOpen?: (row: Row) => void;
  /** The two lines of a row below 700 px; without it the first column and the rest. */
  readonly phoneRow?: (row: Row) => React.ReactNode;
  /** Called when the last rows come near, to load more. */
  readonly onEnd?: () => void;
  /** How many rows there are when not all of them are here. */
  readonly total?: number | null;
  /** The place of the first of `rows` among all; 0 when left out. */
  readonly start?: number;
  /** Called with the places of the first and last row near the window: all `total` have a place, and `rows` are those around it. */
  readonly onShow?: (first: number, last: number) => void;
  /** Every row is in the document, for a table in a box that scrolls itself. */
  readonly whole?: boolean;
  /** What stands in place of rows when there are none. */
  readonly empty?: React.ReactNode;
}

/** Rows beyond which only those near the window are in the document. */
const windowedFrom = 100;

/** Until its code is here the first rows stand, which fill every window. */
const WindowedRows = lazily<RowsProps>(async () => (await import("./windowed-rows.tsx")).WindowedRows, {
  waiting: (props) => <AllRows {...props} most={windowedFrom} />,
});

/** The most rows that a picture of the page shows. */
const picturedRows = 200;

/** The least a column without a width gets. */
const flexibleWidth = 140;

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { columns, rows, rowId, sort, serverSorted = false, rowHeight = 36 } = props;
  const phone = usePhone();
  const { visibility } = props;
  const shot = useShot();
  const visible = useMemo(
    () =>
      columns.filter(
        (column) => (visibility?.[column.id] ?? !column.optional) && !(shot && column.exported === false),
      ),
    [columns, visibility, shot],
  );
  const found = useMemo(
    () => (serverSorted || sort === null ? rows : sortRows(rows, columns, sort)),
    [rows, columns, sort, serverSorted],
  );
  const ordered = shot ? found.slice(0, picturedRows) : found;
  const leftOut = shot ? Math.max(found.length, props.total ?? 0) - ordered.length : 0;

  const { selectedId } = props;
  const { onShow, start = 0 } = props;
  const end = start + ordered.length;
  // Those that are not here have their place all the same, so that the scrollbar leads to every one.
  const count = onShow && !shot ? Math.max(end, props.total ?? 0) : ordered.length;
  const selectedAt = selectedId ? ordered.findIndex((row) => rowId(row) === selectedId) : -1;
  const selectedIndex = selectedAt < 0 ? -1 : start + selectedAt;
  const reveal = useRef((_index: number) => {});
  const onReveal = useCallback((next: (index: number) => void) => {
    reveal.current = next;
  }, []);
  const keys = useRowKeys({
    count,
    selected: selectedIndex,
    reveal: (index) => reveal.current(index),
    open: (index) => {
      const row = ordered[index - start];
      if (row !== undefined) props.onOpen?.(row);
    },
  });
  const { onEnd } = props;
  useEffect(() => {
    if (onEnd || onShow) void WindowedRows.prefetch();
  }, [onEnd, onShow]);
  const onShown = useCallback(
    (first: number, last: number) => {
      if (shot) return;
      if (onEnd && last >= count - 20) onEnd();
      onShow?.(first, last);
    },
    [onEnd, onShow, shot, count],
  );
  const estimate = phone && !props.phoneRow ? Math.max(rowHeight, 60) : rowHeight;
  const renderRow = (index: number, register: Register) => {
    const row = ordered[index - start];
    // Under way.
    if (row === undefined) return <tr key={`at ${index}`} aria-hidden="true" style={{ height: estimate }} />;
    return (
      <TableRow
        key={rowId(row)}
        record={row}
        index={index}
        columns={visible}
        height={phone ? null : rowHeight}
        selected={index === selectedIndex}
        active={index === keys.active}
        opens={props.onOpen !== undefined}
        phoneRow={phone ? (props.phoneRow ?? null) : null}
        register={register}
        onFocus={keys.focused}
        onOpen={keys.open}
      />
    );
  };
  const body: RowsProps = {
    count,
    renderRow,
    register: keys.register,
    onKeyDown: keys.onKeyDown,
    onShown,
    selected: selectedIndex,
    onReveal,
    estimate,
  };
  const windowed = !props.whole && !shot && count > windowedFrom;

  // Columns without a width need room too; a table that does not fit scrolls sideways in its own box.
  const minWidth = visible.reduce((sum, column) => sum + (column.width ?? flexibleWidth), 0);
  const { ref: box, width: room } = useElementSize();

  return (
    <div
      ref={box}
      className={classes.wrap}
      data-phone={phone || undefined}
      data-wide={(!phone && room > 0 && room < minWidth) || undefined}
    >
      {phone && sort && props.onSort ? (
        <PhoneSort columns={visible} sort={sort} onSort={props.onSort} />
      ) : null}
      <table
        className={classes.table}
        data-selects={(selectedId !== undefined && !shot) || undefined}
        style={phone ? undefined : { minWidth }}
        aria-label={props.label}
        aria-rowcount={count + 1}
      >
        <colgroup>
          {visible.map((column) => (
            <col key={column.id} style={{ width: column.width }} />
          ))}
        </colgroup>
        <TableHead columns={visible} sort={sort} onSort={props.onSort} />
        {windowed ? <WindowedRows {...body} /> : <AllRows {...body} />}
      </table>
      {leftOut > 0 ? (
        <p className={classes.leftOut}>{countText(leftOut)} more are not in this picture.</p>
      ) : null}
      {ordered.length === 0 ? <div className={classes.empty}>{props.empty}</div> : null}
    </div>
  );
}
