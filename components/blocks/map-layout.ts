/** Where the cells of a block map lie: rows of `columns` cells, wider gaps after every fourth column and row. */
export interface MapLayout {
  readonly count: number;
  readonly columns: number;
  readonly rows: number;
  /** Side of a cell in whole pixels. */
  readonly cell: number;
  readonly width: number;
  readonly height: number;
}

const gap = 2;
const group = 4;
const groupGap = 3;
export const smallestCell = 6;
const largestCell = 28;

/** Cells a row holds: a round number of addresses each, more where there are many blocks. */
function columnsFor(count: number, width: number, phone: boolean): number {
  if (phone) return 16;
  if (count > 4096 && extent(128, smallestCell) <= width) return 128;
  if (count >= 256) return 64;
  return count >= 128 ? 32 : 16;
}

/** Lays out `count` cells in `width` pixels, as large as fits between 6 and 28. */
export function layOut(count: number, width: number, phone: boolean): MapLayout {
  const columns = columnsFor(count, width, phone);
  const room = width - extent(columns, 0);
  const cell = Math.max(smallestCell, Math.min(largestCell, Math.floor(room / columns)));
  const rows = Math.ceil(count / columns);
  return {
    count,
    columns,
    rows,
    cell,
    width: extent(Math.min(columns, count), cell),
    height: rows === 0 ? 0 : extent(rows, cell),
  };
}

/** Pixels that `cells` cells and the gaps between them take. */
function extent(cells: number, cell: number): number {
  return cells * cell + Math.max(0, cells - 1) * gap + Math.floor(Math.max(0, cells - 1) / group) * groupGap;
}

/** Left or top edge of the nth cell of a row or column. */
export function offset(layout: MapLayout, index: number): number {
  return index * (layout.cell + gap) + Math.floor(index / group) * groupGap;
}

/** The row or column at a pixel; a gap belongs to the cell before it. */
export function indexAt(layout: MapLayout, pixel: number): number {
  const step = layout.cell + gap;
  const span = group * step + groupGap;
  const whole = Math.floor(pixel / span);
  return whole * group + Math.min(group - 1, Math.floor((pixel - whole * span) / step));
}

/** The cell at a point, or null beside the map. */
export function cellAt(layout: MapLayout, x: number, y: number): number | null {
  if (x < 0 || y < 0 || x >= layout.width || y >= layout.height) return null;
  const cell = indexAt(layout, y) * layout.columns + indexAt(layout, x);
  return cell < layout.count ? cell : null;
}

/** Left and top edge of a cell. */
export function place(layout: MapLayout, cell: number): { readonly x: number; readonly y: number } {
  return {
    x: offset(layout, cell % layout.columns),
    y: offset(layout, Math.floor(cell / layout.columns)),
  };
}

/** The cell an arrow key leads to; at an edge the same one. */
export function neighbour(layout: MapLayout, cell: number, key: string): number | null {
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -layout.columns,
    ArrowDown: layout.columns,
    Home: -(cell % layout.columns),
    End: layout.columns - 1 - (cell % layout.columns),
    PageUp: -layout.columns * 8,
    PageDown: layout.columns * 8,
  };
  const step = steps[key];
  if (step === undefined) return null;
  const next = cell + step;
  if (key === "End") return Math.min(next, layout.count - 1);
  return next < 0 || next >= layout.count ? cell : next;
}
