import { memo } from "react";
import type { CellValue, Column } from "./column.ts";
import classes from "./data-table.module.css";
import { visibleText } from "./visible-text.ts";

interface Props<Row> {
  readonly record: Row;
  /** Its place in the table. */
  readonly index: number;
  /** Its place in the whole list. */
  readonly place: number;
  readonly columns: readonly Column<Row>[];
  /** Null: as high as its content. */
  readonly height: number | null;
  readonly selected: boolean;
  /** The one row that Tab reaches. */
  readonly active: boolean;
  readonly opens: boolean;
  readonly phoneRow: ((row: Row) => React.ReactNode) | null;
  readonly register: (index: number, node: HTMLTableRowElement | null) => void;
  readonly onFocus: (index: number) => void;
  readonly onOpen: (index: number) => void;
}

/** One row. Scrolling renders only rows that come into the window; a change renders only those it is about. */
export const TableRow = memo(function TableRow<Row>(props: Props<Row>) {
  const { record, index, columns, height, phoneRow } = props;
  return (
    <tr
      className={classes.row}
      style={height === null ? undefined : { height }}
      data-index={index}
      data-opens={props.opens || undefined}
      aria-rowindex={props.place + 2}
      aria-current={props.selected ? "true" : undefined}
      tabIndex={props.active ? 0 : -1}
      ref={(node) => {
        props.register(index, node);
        return () => props.register(index, null);
      }}
      onFocus={() => props.onFocus(index)}
      onClick={(event) => {
        if (props.opens && !isInteractive(event.target)) props.onOpen(index);
      }}
    >
      {phoneRow === null ? (
        columns.map((column) => (
          <td key={column.id} className={classes.cell} data-align={column.align} data-label={column.header}>
            {column.cell ? column.cell(record) : plain(column.value(record))}
          </td>
        ))
      ) : (
        <td className={classes.cell} colSpan={columns.length}>
          {phoneRow(record)}
        </td>
      )}
    </tr>
  );
}) as <Row>(props: Props<Row>) => React.ReactNode;

function plain(value: CellValue): React.ReactNode {
  return value === null ? null : <bdi>{visibleText(String(value))}</bdi>;
}

function isInteractive(target: EventTarget): boolean {
  return target instanceof Element && target.closest("a, button, input, label, select, textarea") !== null;
}
