"use client";
import { useElementSize } from "@mantine/hooks";
import { useCallback, useEffect, useMemo, useRef } from "react";
import { flushSync } from "react-dom";
import { useShot } from "../shot/use-shot.ts";
import { type Column, type Sort, sortRows } from "./column.ts";
import { countText } from "./count.ts";
import classes from "./data-table.module.css";
import { lazily } from "./lazily.tsx";
import { PhoneSort, TableHead } from "./table-head.tsx";
import { useRowKeys } from "./row-keys.ts";
import { ShowAbove } from "./show-above.tsx";
import { TableRow } from "./table-row.tsx";
import { AllRows, type Register, type RowsProps } from "./table-rows.tsx";
import { usePhone } from "./use-phone.ts";
import { useReader } from "./use-reader.ts";
import type { Places } from "./use-windowed.ts";

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
  /** All `total` have a place, and `rows` are those around the window. */
  readonly places?: Places;
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
  const { places } = props;
  const shift = places?.shift ?? 0;
  const start = (places?.start ?? 0) - shift;
  const end = start + ordered.length;
  // Those that are not here have their place all the same, so that the scrollbar leads to every one.
  const count = places && !shot ? Math.max(end, (props.total ?? 0) - shift) : ordered.length;
  const windowed = !props.whole && !shot && count > windowedFrom;
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
  const estimate = phone && !props.phoneRow ? Math.max(rowHeight, 60) : rowHeight;
  const reader = useReader({ places, windowed, rowHeight: estimate });
  const { onEnd } = props;
  const canGrow = onEnd !== undefined || places !== undefined;
  useEffect(() => {
    if (canGrow) void WindowedRows.prefetch();
  }, [canGrow]);
  const { onShown: onRead } = reader;
  const onShown = useCallback(
    (first: number, last: number) => {
      if (shot) return;
      if (onEnd && last >= count - 20) onEnd();
      onRead(first, last);
    },
    [onEnd, onRead, shot, count],
  );
  const showAbove = () => {
    // At once: the focus is to go to the row that is then the first.
    if (places && shift !== 0) flushSync(places.release);
  };
  const kept = useKept(places?.list, keys.active, ordered[keys.active - start]);
  const renderRow = (index: number, register: Register) => {
    const row = ordered[index - start] ?? kept(index);
    // Under way.
    if (row === undefined) return <tr key={`at ${index}`} aria-hidden="true" style={{ height: estimate }} />;
    return (
      <TableRow
        key={rowId(row)}
        record={row}
        index={index}
        place={index + shift}
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
    handlers: {
      ...reader.handlers,
      onKeyDown: (event) => {
        if (event.key === "Home") showAbove();
        keys.onKeyDown(event);
      },
    },
    kept: keys.active,
    onShown,
    selected: selectedIndex,
    onReveal,
    estimate,
  };

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
      {windowed && places && shift > 0 ? (
        <ShowAbove
          rows={shift}
          onShow={() => {
            showAbove();
            keys.go(0);
          }}
        />
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

/** The row at a place, as it was when it was last here: one that has the focus stays when the rows around it are let go of. */
function useKept<Row>(list: string | undefined, index: number, row: Row | undefined) {
  const last = useRef<{ list: string | undefined; index: number; row: Row } | null>(null);
  useEffect(() => {
    if (row !== undefined) last.current = { list, index, row };
  }, [list, index, row]);
  return (at: number) =>
    at === index && last.current?.index === at && last.current.list === list ? last.current.row : undefined;
}
