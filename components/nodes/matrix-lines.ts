import type { List } from "@/lib/contract/common.ts";
import type { Node, NodeShare } from "@/lib/contract/nodes.ts";
import type { Column } from "../ui/column.ts";

/** What one node has in one pool; `pool` null: outside every pool. */
export interface MatrixLine extends NodeShare {
  readonly node: string;
}

export const matrixLineColumns: readonly Column<MatrixLine>[] = [
  { id: "node", header: "Node", value: (line) => line.node },
  { id: "pool", header: "Pool", value: (line) => line.pool },
  { id: "used", header: "Addresses in use", value: (line) => line.used },
  { id: "borrowed", header: "Of them borrowed", value: (line) => line.borrowed },
  { id: "blocks", header: "Blocks", value: (line) => line.blocks },
  { id: "capacity", header: "Addresses in its blocks", value: (line) => line.capacity },
];

/**
 * The matrix as a list: a line for each node and pool in which the node has anything. `pool`: of that one alone. No items as
 * soon as what one node has cannot be read.
 */
export function matrixLines(nodes: List<Node>, pool?: string): List<MatrixLine> {
  const unread = nodes.items?.find((node) => node.pools === null);
  if (nodes.items === null || unread !== undefined)
    return { items: null, total: null, unknown: unread?.unknown ?? nodes.unknown };
  const items = nodes.items.flatMap(({ name, pools }) =>
    (pools ?? [])
      .filter((share) => pool === undefined || share.pool === pool)
      .map((share) => ({ node: name, ...share })),
  );
  return { items, total: items.length };
}
