import { poolMapFlags } from "../../contract/pool-map.ts";
import type { BlockGrid } from "../../ipam/host-order.ts";
import type { BlockRow } from "../../inventory/block-row.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { Row } from "../../inventory/table.ts";
import { borrowersOf, claimedSeconds, inUseBetween, lentBetween } from "./pool-map-block.ts";
import { isSuspect, judgeLeaks } from "./pool-map-leaks.ts";
import { type NamespaceTally, namespaceTally } from "./pool-map-namespaces.ts";
import { eachSlot } from "./pool-map-slots.ts";

/** What a block gives to the map of its pool. */
export interface BlockShare {
  readonly block: BlockRow;
  /** `poolMapFlags` of the whole block. */
  readonly mark: number;
  /** The node that owns it; null: nobody does, or no node. */
  readonly owner: string | null;
  /** The same, interned; 0: null. */
  readonly ownerId: number;
  /** Nodes, interned, that use addresses of it without owning it; one entry an address. */
  readonly borrowers: readonly number[];
  /** Seconds since 1970; 0: nobody knows. */
  readonly claimed: number;
  /** One a slot that it touches. */
  readonly parts: readonly SharePart[];
  /** Rows of nodes that it stands and falls with. */
  readonly nodes: readonly Row[];
  /** Ordinals of leak candidates, one a part that has any: it holds for as long as these are some. */
  readonly suspects: readonly number[];
  /** False: time alone may change it. */
  readonly isSettled: boolean;
}

export interface SharePart {
  readonly slot: bigint;
  readonly used: number;
  readonly lent: number;
  /** `poolMapFlags.leak`, or 0. */
  readonly leak: number;
  readonly namespaces: NamespaceTally;
}

/** Most shares have nothing to name: they need no list each. */
const none: readonly never[] = [];

/** The block's share in the map of this pool. It holds until the block's watchers are told, or `isDoubtful` it no more does. */
export function shareOf(inventory: Inventory, pool: BlockGrid, block: BlockRow): BlockShare {
  const parts: SharePart[] = [];
  const nodes: Row[] = [];
  const suspects: number[] = [];
  let isSettled = true;
  eachSlot(pool, block, (slot, first, last) => {
    const leaks = judgeLeaks(inventory, block, first, last);
    isSettled &&= leaks.isSettled;
    nodes.push(...leaks.nodes);
    if (leaks.suspect !== null) suspects.push(leaks.suspect);
    parts.push({
      slot,
      used: inUseBetween(block, first, last),
      lent: lentBetween(block, inventory.interner, first, last),
      leak: leaks.suspect === null ? 0 : poolMapFlags.leak,
      namespaces: namespaceTally(block, first, last),
    });
  });
  const owner = block.owner?.type === "host" ? block.owner.name : null;
  return {
    block,
    mark: markOf(inventory, pool, block),
    owner,
    ownerId: inventory.interner.id(owner),
    borrowers: borrowersOf(block, inventory.interner),
    claimed: claimedSeconds(block),
    parts,
    nodes: nodes.length > 0 ? nodes : none,
    suspects: suspects.length > 0 ? suspects : none,
    isSettled,
  };
}

/** Whether nobody is told when the share changes: it has to be looked at each time it is used. */
export function isDoubtful({ suspects, isSettled }: BlockShare): boolean {
  return suspects.length > 0 || !isSettled;
}

/** Whether a doubtful share still holds. */
export function stillHolds(inventory: Inventory, { block, suspects, isSettled }: BlockShare): boolean {
  return isSettled && suspects.every((ordinal) => isSuspect(inventory, block, ordinal));
}

function markOf({ space, states }: Inventory, { blockSize }: BlockGrid, block: BlockRow): number {
  const { owner, counts, oddities, cidr } = block;
  const claim = owner && states.knows("affinities") ? space.claim(owner, cidr) : "confirmed";
  return (
    (owner ? 0 : poolMapFlags.noOwner) |
    (counts.lent > 0 ? poolMapFlags.lends : 0) |
    (counts.cooling > 0 ? poolMapFlags.cooling : 0) |
    (claim === "confirmed" ? 0 : poolMapFlags.unsettled) |
    (oddities.length > 0 || cidr.prefix !== blockSize ? poolMapFlags.odd : 0)
  );
}
