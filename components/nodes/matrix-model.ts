import type { Node, NodeShare } from "@/lib/contract/nodes.ts";
import type { Pool } from "@/lib/contract/pools.ts";
import { countText } from "../ui/count.ts";
import { visibleText } from "../ui/visible-text.ts";

/** A column of the matrix: a pool by name, or what lies outside every pool (null). */
export type MatrixColumn = string | null;

/** The steps of the ramp: 0 nothing in use … 5 full. */
type Depth = 0 | 1 | 2 | 3 | 4 | 5;

/** What one node has in one pool. */
export type MatrixCell =
  | { readonly kind: "unknown" }
  | { readonly kind: "nothing" }
  | {
      readonly kind: "share";
      readonly share: NodeShare;
      /** How much of its own blocks the node uses; null: it has none here, all is borrowed. */
      readonly depth: Depth | null;
      /** Its pods there, or its addresses where there is no pool. */
      readonly href: string;
    };

/**
 * Pools in which anybody has a block, by name; a pool whose blocks cannot be read may have some. What lies outside every pool
 * comes last, where a node has any of it.
 */
export function matrixColumns(pools: readonly Pool[], nodes: readonly Node[]): readonly MatrixColumn[] {
  const names = pools.filter(({ blocks }) => blocks.claimed !== "0").map(({ name }) => name);
  const outside = nodes.some((node) => node.pools?.some(({ pool }) => pool === null));
  return [...names.sort(), ...(outside ? [null] : [])];
}

export function matrixCell(node: Node, pool: MatrixColumn): MatrixCell {
  if (node.pools === null) return { kind: "unknown" };
  const share = node.pools.find((each) => each.pool === pool);
  if (share === undefined) return { kind: "nothing" };
  const href =
    pool === null
      ? `/addresses?${new URLSearchParams({ node: node.name }).toString()}`
      : `/pods?${new URLSearchParams({ node: node.name, pool }).toString()}`;
  return { kind: "share", share, depth: depthOf(share), href };
}

function depthOf({ used, borrowed, capacity }: NodeShare): Depth | null {
  if (capacity === 0) return null;
  const own = used - borrowed;
  if (own <= 0) return 0;
  if (own >= capacity) return 5;
  const share = own / capacity;
  return share < 0.25 ? 1 : share < 0.5 ? 2 : share < 0.75 ? 3 : 4;
}

/** “12 addresses in 1 block, 3 of them borrowed”. */
export function cellWords({ used, blocks, borrowed }: NodeShare): string {
  const inUse = used === 1 ? "1 address" : `${countText(used)} addresses`;
  const held = blocks === 1 ? "1 block" : `${countText(blocks)} blocks`;
  const lent = borrowed === 0 ? "" : `, ${countText(borrowed)} of them borrowed`;
  return `${inUse} in use, ${held}${lent}`;
}

export function columnName(pool: MatrixColumn): string {
  return pool === null ? "Outside any pool" : visibleText(pool);
}

export interface Place {
  readonly row: number;
  readonly column: number;
}

/** Where a key leads in a matrix of so many rows and columns; null: the key is not for moving. */
export function moved(key: string, at: Place, size: Place, whole: boolean): Place | null {
  const to = target(key, at, size, whole);
  if (to === null) return null;
  const within = (value: number, count: number) => Math.max(0, Math.min(count - 1, value));
  return { row: within(to.row, size.row), column: within(to.column, size.column) };
}

const page = 10;

function target(key: string, { row, column }: Place, size: Place, whole: boolean): Place | null {
  switch (key) {
    case "ArrowUp":
      return { row: row - 1, column };
    case "ArrowDown":
      return { row: row + 1, column };
    case "ArrowLeft":
      return { row, column: column - 1 };
    case "ArrowRight":
      return { row, column: column + 1 };
    case "PageUp":
      return { row: row - page, column };
    case "PageDown":
      return { row: row + page, column };
    case "Home":
      return { row: whole ? 0 : row, column: 0 };
    case "End":
      return { row: whole ? size.row : row, column: size.column };
    default:
      return null;
  }
}
