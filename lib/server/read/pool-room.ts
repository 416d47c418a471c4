import type { Unknown } from "../../contract/common.ts";
import type { Pool } from "../../contract/pools.ts";
import { type Fragmentation, judgeFragments } from "../../ipam/fragmentation.ts";
import { matches, parseSelector, type Selector, SelectorError } from "../../ipam/selector.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { PoolRow } from "../../inventory/pool-row.ts";
import type { PoolTally } from "../../inventory/tally.ts";
import { eligibleNodes } from "./namespace-pools.ts";
import { blockLimit } from "./nodes.ts";
import { unknownOf } from "./ready.ts";

type Room = Pick<Pool, "fragmentation" | "nodes">;

/**
 * What room the pool has for nodes, and how its free addresses lie. `allocatable`: it gives addresses at all; null: nobody
 * knows. `blocksLeft`: blocks that can be claimed; null: blocks or reservations cannot be read.
 */
export function poolRoom(
  inventory: Inventory,
  row: PoolRow,
  { allocatable, blocksLeft }: { allocatable: boolean | null; blocksLeft: bigint | null },
): Room & { readonly unknown: readonly (Unknown | null)[] } {
  const config = unknownOf(inventory, "nodes.fit", "ipamConfig");
  const nodesMissing = unknownOf(inventory, "nodes.eligible", "nodes");
  const serves = row.pool.allowedUses.includes("Workload") && allocatable;
  const found = blocksLeft === null || config ? null : judge(inventory, row, blocksLeft);
  const eligible = eligibleNodes(inventory, row.pool);
  const isOpen = inventory.settings.ipamConfig?.autoAllocateBlocks !== false;
  return {
    fragmentation: {
      stranded: digits(found?.stranded),
      blocksWithFree: digits(found?.blocksWithFree),
      takeable: digits(found?.takeable),
      strictAffinity: config ? null : (inventory.settings.ipamConfig?.strictAffinity ?? false),
      newNode: serves ? (found?.newNode ?? null) : null,
    },
    nodes: {
      serves,
      fit: found && blocksLeft !== null ? (isOpen ? blocksLeft.toString() : "0") : null,
      eligible,
      withoutBlock: found === null || eligible === null ? null : eligible - holdersAmong(inventory, row),
      atLimit: found?.atLimit ?? null,
    },
    unknown: [
      config,
      config && { ...config, field: "fragmentation" },
      nodesMissing,
      nodesMissing && { ...nodesMissing, field: "nodes.withoutBlock" },
      serves === null && nodesMissing ? { ...nodesMissing, field: "nodes.serves" } : null,
    ],
  };
}

function judge(inventory: Inventory, { name }: PoolRow, blocksLeft: bigint): Fragmentation {
  const { space, settings } = inventory;
  return judgeFragments(space.tallies.pool(name), {
    blocksLeft,
    strictAffinity: settings.ipamConfig?.strictAffinity ?? false,
    autoAllocateBlocks: settings.ipamConfig?.autoAllocateBlocks ?? true,
    blockLimit: blockLimit(inventory) ?? Number.POSITIVE_INFINITY,
    takesOver: takesOver(inventory),
  });
}

/** Calico takes empty blocks over from v3.32 on; a version that is not known is taken for a newer one. */
function takesOver({ detection, settings }: Inventory): boolean {
  const version = detection?.version ?? settings.clusterInformation?.calicoVersion ?? "";
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  return major === undefined || minor === undefined || Number(major) * 1000 + Number(minor) >= 3032;
}

interface Holders {
  readonly stamp: string;
  readonly count: number;
}

const holdersOf = new WeakMap<PoolTally, Holders>();

/**
 * How many of the nodes that own a block are there and match the pool's selector; counted again when a node comes to own one,
 * owns none any more, or has other labels: five thousand selectors are most of the time that a pool takes otherwise.
 */
function holdersAmong({ nodes, space, interner }: Inventory, { name, pool }: PoolRow): number {
  const tally = space.tallies.pool(name);
  const stamp = `${tally.holdersRevision} ${nodes.labelsRevision} ${pool.nodeSelector}`;
  const known = holdersOf.get(tally);
  if (known?.stamp === stamp) return known.count;
  const selector = selectorOf(pool.nodeSelector);
  let count = 0;
  for (const id of tally.held.keys()) {
    const node = nodes.table.get("", interner.text(id) ?? "");
    if (node && (selector === null || matches(selector, node.labels))) count += 1;
  }
  holdersOf.set(tally, { stamp, count });
  return count;
}

/** Null: it matches every node, or cannot be read, and then nobody is eligible anyway. */
function selectorOf(text: string): Selector | null {
  if (text.trim() === "" || text.trim() === "all()") return null;
  try {
    return parseSelector(text);
  } catch (error) {
    if (error instanceof SelectorError) return null;
    throw error;
  }
}

function digits(count: number | undefined): string | null {
  return count === undefined ? null : String(count);
}
