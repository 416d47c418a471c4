import { useEffect } from "react";

/** Puts the row at an index into the table's body; `register` is told its element. */
type RenderRow = (index: number, register: Register) => React.ReactNode;
export type Register = (index: number, node: HTMLTableRowElement | null) => void;

export interface RowsProps {
  readonly count: number;
  readonly renderRow: RenderRow;
  readonly register: Register;
  /** Of the keys, and of what the reader looks at. */
  readonly handlers: React.HTMLAttributes<HTMLTableSectionElement>;
  /** The row that is in the document wherever the window is: it has the focus, or gets it by Tab. */
  readonly kept: number;
  /** Told the first and the last row in the window. */
  readonly onShown: (first: number, last: number) => void;
  /** Index of the selected row, or -1. */
  readonly selected: number;
  /** Told how a row that is not in the document is brought into it. */
  readonly onReveal: (reveal: (index: number) => void) => void;
  /** Of a row that is not measured yet, in pixels. */
  readonly estimate: number;
}

/** The body of a table with every row in the document, or with the first `most` of them. */
export function AllRows({
  count,
  renderRow,
  register,
  handlers,
  onShown,
  most,
}: RowsProps & { most?: number }) {
  const shown = Math.min(count, most ?? count);
  useEffect(() => {
    if (most === undefined) onShown(0, shown - 1);
  }, [onShown, shown, most]);
  return (
    <tbody {...handlers}>
      {Array.from({ length: shown }, (_unused, index) => renderRow(index, register))}
    </tbody>
  );
}
