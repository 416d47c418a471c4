import { useEffect } from "react";

/** Puts the row at an index into the table's body; `register` is told its element. */
type RenderRow = (index: number, register: Register) => React.ReactNode;
export type Register = (index: number, node: HTMLTableRowElement | null) => void;

export interface RowsProps {
  readonly count: number;
  readonly renderRow: RenderRow;
  readonly register: Register;
  readonly onKeyDown: (event: React.KeyboardEvent) => void;
  /** Told the first and the last row that are in the document. */
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
  onKeyDown,
  onShown,
  most,
}: RowsProps & { most?: number }) {
  const shown = Math.min(count, most ?? count);
  useEffect(() => {
    if (most === undefined) onShown(0, shown - 1);
  }, [onShown, shown, most]);
  return (
    // The rows take the focus; their keys are handled in one place.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <tbody onKeyDown={onKeyDown}>
      {Array.from({ length: shown }, (_unused, index) => renderRow(index, register))}
    </tbody>
  );
}
