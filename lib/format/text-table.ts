/** Cells of a printed table, header first; every row has as many cells as the header. */
export interface TextTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** As go-pretty's default style prints: header left, the columns listed in `right` right aligned. Ends in a line break. */
export function goPrettyTable({ header, rows }: TextTable, right: readonly number[] = []): string {
  const widths = columnWidths(header, rows);
  const line = (cells: readonly string[], aligned: readonly number[]) =>
    boxed(
      cells.map((cell, at) =>
        aligned.includes(at) ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0),
      ),
    );
  return frame(
    widths,
    line(header, []),
    rows.map((row) => line(row, right)),
  );
}

const DIGITS = /^\d+$/;

/** As olekukonko/tablewriter 0.0.5 prints: header centred, odd space to the right, all-digit cells right aligned. Ends in a line break. */
export function tablewriterTable({ header, rows }: TextTable): string {
  const widths = columnWidths(header, rows);
  const centred = header.map((cell, at) => {
    const width = widths[at] ?? 0;
    return cell.padStart(cell.length + Math.floor((width - cell.length) / 2)).padEnd(width);
  });
  const line = (cells: readonly string[]) =>
    boxed(
      cells.map((cell, at) =>
        DIGITS.test(cell) ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0),
      ),
    );
  return frame(widths, boxed(centred), rows.map(line));
}

/**
 * As Go's tabwriter prints with calicoctl's settings (at least 5 wide, padding 3): every cell ends in blanks, the last too.
 * Ends in a line break and an empty line.
 */
export function tabwriterTable({ header, rows }: TextTable): string {
  const widths = columnWidths(header, rows).map((width) => Math.max(5, width + 3));
  const line = (cells: readonly string[]) => cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("");
  return `${[header, ...rows].map(line).join("\n")}\n\n`;
}

function columnWidths(header: readonly string[], rows: readonly (readonly string[])[]): number[] {
  return header.map((name, at) =>
    rows.reduce((width, row) => Math.max(width, row[at]?.length ?? 0), name.length),
  );
}

function boxed(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function frame(widths: readonly number[], header: string, rows: readonly string[]): string {
  const rule = `+${widths.map((width) => "-".repeat(width + 2)).join("+")}+`;
  return `${[rule, header, rule, ...rows, rule].join("\n")}\n`;
}
