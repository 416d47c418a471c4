import type { PoolHolds } from "../../contract/pool-holds.ts";
import type { PoolAnnotations } from "../../calico/pod.ts";
import type { Family } from "../../ipam/address.ts";
import type { Pool } from "../../ipam/pool.ts";
import { parsePoolsAnnotation } from "../../ipam/pools-annotation.ts";
import type { BlockRow } from "../../inventory/block-row.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { compareText } from "../../inventory/table.ts";
import { poolUsage } from "./pool-usage.ts";
import { poolNamed } from "./pools.ts";
import { unknownOf, withUnknown } from "./ready.ts";

const mostBlocks = 200;

/** What still holds the pool: addresses by kind, blocks, and whoever names it. */
export function readPoolHolds(inventory: Inventory, name: string): PoolHolds {
  const row = poolNamed(inventory, name);
  const { usage } = poolUsage(inventory, row);
  const blocksMissing = unknownOf(inventory, "blocks", "blocks");
  const namespacesMissing = unknownOf(inventory, "namespaces", "namespaces");
  const podsMissing = unknownOf(inventory, "pods", "pods");
  const naming = new Naming(inventory, row.pool);
  return {
    pool: name,
    addresses: { total: usage.inUse, byKind: usage.byKind, cooling: usage.cooling },
    blocks: {
      total: blocksMissing ? null : String(inventory.space.tallies.pool(name).blocks.size),
      items: blocksMissing
        ? null
        : fullestBlocks(inventory, name).map(({ name: block, text, owner, counts }) => ({
            name: block,
            cidr: text,
            node: owner?.type === "host" ? owner.name : null,
            used: counts.inUse,
          })),
    },
    namespaces: namespacesMissing ? null : naming.namespaces(),
    pods: podsMissing ? null : naming.pods(),
    ...withUnknown(
      blocksMissing && { ...blocksMissing, field: "addresses" },
      blocksMissing,
      namespacesMissing,
      podsMissing,
    ),
  };
}

/** From a view that is kept: to put all blocks of a large pool in order takes longer than a slice. */
function fullestBlocks({ space }: Inventory, pool: string): BlockRow[] {
  const found: BlockRow[] = [];
  for (const row of space.blocks.ordered("most in use", byUse)) {
    if (row.pool === pool) found.push(row);
    if (found.length === mostBlocks) break;
  }
  return found;
}

const byUse = (one: BlockRow, other: BlockRow) =>
  other.counts.inUse - one.counts.inUse || compareText(one.name, other.name);

/** Whose annotations name the pool. Equal texts, and there are few different ones, are read once. */
class Naming {
  private readonly inventory: Inventory;
  private readonly pool: Pool;
  private readonly pools: readonly Pool[];
  private readonly known = new Map<string, boolean>();

  constructor(inventory: Inventory, pool: Pool) {
    this.inventory = inventory;
    this.pool = pool;
    this.pools = [...inventory.space.pools].map((row) => row.pool);
  }

  namespaces(): NonNullable<PoolHolds["namespaces"]> {
    return [...this.inventory.namespaces]
      .flatMap(({ name, annotations }) => this.in(annotations).map((found) => ({ name, ...found })))
      .sort((one, other) => compareText(one.name, other.name));
  }

  pods(): NonNullable<PoolHolds["pods"]> {
    const found: NonNullable<PoolHolds["pods"]> = [];
    const { table } = this.inventory.pods;
    for (const slot of table.asking()) {
      const { namespace, name, annotations, finished } = table.row(slot);
      if (!annotations || finished) continue;
      found.push(...this.in(annotations).map((one) => ({ namespace, name, ...one })));
    }
    return found.sort(
      (one, other) => compareText(one.namespace, other.namespace) || compareText(one.name, other.name),
    );
  }

  private in(annotations: PoolAnnotations): { field: "ipv4pools" | "ipv6pools"; raw: string }[] {
    return ([4, 6] as const).flatMap((family) => {
      const raw = annotations[family];
      if (raw === null || !this.names(raw, family)) return [];
      return [{ field: family === 4 ? ("ipv4pools" as const) : ("ipv6pools" as const), raw }];
    });
  }

  private names(raw: string, family: Family): boolean {
    const key = `${family} ${raw}`;
    const before = this.known.get(key);
    if (before !== undefined) return before;
    const read = parsePoolsAnnotation(raw, family, this.pools);
    const names = read.kind === "named" && read.entries.some((entry) => entry.pool?.name === this.pool.name);
    this.known.set(key, names);
    return names;
  }
}
