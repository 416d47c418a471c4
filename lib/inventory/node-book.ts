import type { AddressSpace } from "./address-space.ts";
import type { Changes } from "./changes.ts";
import { NodeEligibility } from "./node-eligibility.ts";
import { type NodeRow, sameLabels, sameNode } from "./node-row.ts";
import { Table } from "./table.ts";

/** The nodes, and how many of them each pool's selector matches. */
export class NodeBook {
  readonly table = new Table<NodeRow>();
  /** Raised whenever a selector of a pool finds its first node or loses its last. */
  eligibilityRevision = 0;
  /** Raised whenever a node comes, goes or has other labels. */
  labelsRevision = 0;
  private readonly eligibility = new NodeEligibility();
  private readonly changes: Changes;
  private readonly space: AddressSpace;

  constructor(changes: Changes, space: AddressSpace) {
    this.changes = changes;
    this.space = space;
  }

  /** Nodes that a pool's selector matches; null when it is not a selector. */
  eligible(nodeSelector: string): number | null {
    return this.eligibility.count(nodeSelector);
  }

  /** A pool's selector changed; null stands for the pool not being there. */
  watchSelector(before: string | null, after: string | null): void {
    if (before === after) return;
    if (after !== null) this.eligibility.add(after, this.table);
    if (before !== null) this.eligibility.drop(before);
  }

  put(row: NodeRow): void {
    const before = this.table.put(row);
    if (before && sameNode(before, row)) return;
    if (!before || !sameLabels(before, row)) this.moveLabels(before, row);
    this.changes.touch("nodes");
  }

  remove(name: string): void {
    const row = this.table.remove("", name);
    if (!row) return;
    this.moveLabels(row, null);
    this.changes.touch("nodes", "addresses");
  }

  /** Pools whose selector finds its first node or loses its last have another state; those without any say of how many. */
  private moveLabels(before: NodeRow | null, after: NodeRow | null): void {
    this.labelsRevision += 1;
    const turned = new Set(this.eligibility.move(before, after));
    if (turned.size > 0) {
      this.eligibilityRevision += 1;
      this.changes.touch("namespaces");
    }
    for (const { name, pool } of this.space.pools) {
      if (turned.has(pool.nodeSelector) || this.eligible(pool.nodeSelector) === 0) this.changes.pool(name);
    }
  }
}
