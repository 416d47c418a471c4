"use client";
import { useElementSize } from "@mantine/hooks";
import { createSortedRowModel, rowSortingFeature, tableFeatures, useTable } from "@tanstack/react-table";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useShot } from "../shot/use-shot.ts";
import { type Column, compareValues, type Sort } from "./column.ts";
import { countText } from "./count.ts";
import classes from "./data-table.module.css";
import { PhoneSort, TableHead } from "./table-head.tsx";
import { useRowKeys } from "./row-keys.ts";
import { TableRow } from "./table-row.tsx";
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

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });

/** Rows beyond which only those near the window are in the document. */
const virtualFrom = 100;

/** The most rows that a picture of the page shows. */
const picturedRows = 200;

/** The least a column without a width gets. */
const flexibleWidth = 140;

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { columns, rows, rowId, sort, serverSorted = false, rowHeight = 36 } = props;
  const phone = usePhone();
  const definitions = useMemo(() => columns.map((column) => define(column)), [columns]);
  const { visibility } = props;
  const shot = useShot();
  const visible = useMemo(
    () =>
      columns.filter(
        (column) => (visibility?.[column.id] ?? !column.optional) && !(shot && column.exported === false),
      ),
    [columns, visibility, shot],
  );
  const sorting = useMemo(() => (sort ? [{ id: sort.id, desc: sort.desc }] : []), [sort]);
  const data = useMemo(() => rows.map((row) => ({ row })), [rows]);
  const table = useTable({
    features,
    columns: definitions,
    data,
    state: { sorting },
    manualSorting: serverSorted,
    enableSortingRemoval: false,
    getRowId: (item: { row: Row }) => rowId(item.row),
  });
  const found = table.getRowModel().rows;
  const ordered = shot ? found.slice(0, picturedRows) : found;
  const leftOut = shot ? Math.max(found.length, props.total ?? 0) - ordered.length : 0;

  const { onShow, start = 0 } = props;
  // Those that are not here have their place all the same, so that the scrollbar leads to every one.
  const count = onShow && !shot ? Math.max(start + ordered.length, props.total ?? 0) : ordered.length;
  const estimate = phone && !props.phoneRow ? Math.max(rowHeight, 60) : rowHeight;
  const body = useRef<HTMLTableSectionElement>(null);
  const [margin, setMargin] = useState(0);
  useEffect(() => {
    if (body.current) setMargin(body.current.getBoundingClientRect().top + window.scrollY);
  }, [count]);
  const virtual = !props.whole && !shot && count > virtualFrom;
  // The rule is about a compiler that this project does not use.
  // oxlint-disable-next-line react/incompatible-library
  const virtualizer = useWindowVirtualizer({
    count,
    estimateSize: () => estimate,
    overscan: 12,
    scrollMargin: margin,
    enabled: virtual,
  });
  const items = virtual
    ? virtualizer.getVirtualItems().map((item) => item.index)
    : Array.from({ length: count }, (_unused, index) => index);
  const first = virtualizer.getVirtualItems()[0];
  const last = virtualizer.getVirtualItems().at(-1);
  const above = virtual && first ? first.start - margin : 0;
  const below = virtual && last ? virtualizer.getTotalSize() - (last.end - margin) : 0;

  const selectedAt = props.selectedId ? ordered.findIndex((row) => row.id === props.selectedId) : -1;
  const selectedIndex = selectedAt < 0 ? -1 : start + selectedAt;
  const keys = useRowKeys({
    count,
    selected: selectedIndex,
    reveal: (index) => {
      if (virtual) virtualizer.scrollToIndex(index, { align: "auto" });
    },
    open: (index) => {
      const row = ordered[index - start];
      if (row) props.onOpen?.(row.original.row);
    },
  });
  const { register: registerKeys } = keys;
  const register = useCallback(
    (index: number, node: HTMLTableRowElement | null) => {
      registerKeys(index, node);
      if (virtual && node !== null) virtualizer.measureElement(node);
    },
    [registerKeys, virtual, virtualizer],
  );
  const lastIndex = items.at(-1) ?? -1;
  const firstIndex = items[0] ?? 0;
  const { onEnd } = props;
  useEffect(() => {
    if (shot) return;
    if (onEnd && lastIndex >= count - 20) onEnd();
    onShow?.(firstIndex, lastIndex);
  }, [onEnd, onShow, shot, firstIndex, lastIndex, count]);

  // Columns without a width need room too; a table that does not fit scrolls sideways in its own box.
  const minWidth = visible.reduce((sum, column) => sum + (column.width ?? flexibleWidth), 0);
  const box = useElementSize();

  return (
    <div
      ref={box.ref}
      className={classes.wrap}
      data-phone={phone || undefined}
      data-wide={(!phone && box.width > 0 && box.width < minWidth) || undefined}
    >
      {phone && sort && props.onSort ? (
        <PhoneSort columns={visible} sort={sort} onSort={props.onSort} />
      ) : null}
      <table
        className={classes.table}
        data-selects={(props.selectedId !== undefined && !shot) || undefined}
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
        {/* The rows take the focus; their keys are handled in one place. */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
        <tbody ref={body} onKeyDown={keys.onKeyDown}>
          {above > 0 ? <Gap height={above} /> : null}
          {items.map((index) => {
            const row = ordered[index - start];
            // Under way.
            if (row === undefined) return <Gap key={`at ${index}`} height={estimate} />;
            return (
              <TableRow
                key={row.id}
                record={row.original.row}
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
          })}
          {below > 0 ? <Gap height={below} /> : null}
        </tbody>
      </table>
      {leftOut > 0 ? (
        <p className={classes.leftOut}>{countText(leftOut)} more are not in this picture.</p>
      ) : null}
      {ordered.length === 0 ? <div className={classes.empty}>{props.empty}</div> : null}
    </div>
  );
}

function define<Row>(column: Column<Row>) {
  return {
    id: column.id,
    // TanStack puts undefined last in either direction; our null means the same.
    accessorFn: (item: { row: Row }) => column.value(item.row) ?? undefined,
    sortUndefined: "last" as const,
    sortFn: (
      a: { getValue: (id: string) => unknown },
      b: { getValue: (id: string) => unknown },
      id: string,
    ) => compareValues(cellValue(a.getValue(id)), cellValue(b.getValue(id))),
  };
}

function cellValue(value: unknown) {
  return typeof value === "string" ||
    typeof value === "number" ||
    typeof value === "bigint" ||
    typeof value === "boolean"
    ? value
    : null;
}

function Gap({ height }: { height: number }) {
  return <tr aria-hidden="true" style={{ height }} />;
}
