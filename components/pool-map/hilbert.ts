/** A place of a grid: column and row, from the top left. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * The place of the nth cell along a Hilbert curve through a square of 2^order × 2^order cells. It begins at the top left,
 * goes down first and ends at the top right, so that every aligned run of 4^k cells is a square. `n` may be as large as
 * 2^53: no bit operators, which end at 32 bits.
 */
export function hilbertPoint(order: number, n: number): Point {
  let x = 0;
  let y = 0;
  let rest = n;
  for (let side = 1; side < 2 ** order; side *= 2) {
    const right = Math.floor(rest / 2) % 2;
    const down = (rest % 2) ^ right;
    if (down === 0) {
      if (right === 1) {
        x = side - 1 - x;
        y = side - 1 - y;
      }
      [x, y] = [y, x];
    }
    x += side * right;
    y += side * down;
    rest = Math.floor(rest / 4);
  }
  return { x, y };
}

/** The grid that 2^bits cells fill along the curve: a square, or two of them side by side. */
export function hilbertSize(bits: number): { readonly columns: number; readonly rows: number } {
  const order = Math.floor(bits / 2);
  return { columns: 2 ** (bits - order), rows: 2 ** order };
}

/** The place of the nth of 2^bits cells. */
export function hilbertPlace(bits: number, n: number): Point {
  const order = Math.floor(bits / 2);
  if (bits % 2 === 0) return hilbertPoint(order, n);
  const half = 4 ** order;
  const { x, y } = hilbertPoint(order, n % half);
  return { x: n < half ? x : x + 2 ** order, y };
}

/** Columns and lines of the first 2^bits cells. */
interface HilbertTable {
  readonly x: Uint16Array;
  readonly y: Uint16Array;
}

/** The places of all 2^bits cells at once, each order made from the one below: a few operations a cell. */
export function hilbertTable(bits: number): HilbertTable {
  const order = Math.floor(bits / 2);
  const x = new Uint16Array(2 ** bits);
  const y = new Uint16Array(2 ** bits);
  for (let side = 1, count = 1; side < 2 ** order; side *= 2, count *= 4) {
    for (let n = 0; n < count; n += 1) {
      const [right, down] = [x[n] ?? 0, y[n] ?? 0];
      x[n + count] = right;
      y[n + count] = down + side;
      x[n + 2 * count] = right + side;
      y[n + 2 * count] = down + side;
      x[n + 3 * count] = 2 * side - 1 - down;
      y[n + 3 * count] = side - 1 - right;
      // The first quarter is the curve before, over its diagonal.
      x[n] = down;
      y[n] = right;
    }
  }
  if (bits % 2 === 1) {
    const half = 4 ** order;
    for (let n = 0; n < half; n += 1) {
      x[n + half] = (x[n] ?? 0) + 2 ** order;
      y[n + half] = y[n] ?? 0;
    }
  }
  return { x, y };
}
