import type { Owner } from "./block.ts";

/** What of a claimed block matters to where its pool's free addresses can go. */
export interface FragmentBlock {
  readonly owner: Owner | null;
  /** In the queue and not reserved. */
  readonly free: number;
  /** Not in the queue, cooling ones included. */
  readonly inUse: number;
  /** Of those, kept by a Windows node for itself. */
  readonly windows: number;
}

/** What decides how a node gets at a pool's addresses. */
export interface FragmentRules {
  /** Blocks that no block and no whole reservation covers. */
  readonly blocksLeft: bigint;
  readonly strictAffinity: boolean;
  readonly autoAllocateBlocks: boolean;
  /** Blocks that one node may hold. */
  readonly blockLimit: number;
  /** From v3.32 on a node takes over an empty block of another one, once nothing else is left. */
  readonly takesOver: boolean;
}

export const newNodeOutcomes = ["claims", "takesOver", "borrows", "refused", "full"] as const;

/**
 * How a node that holds no block of the pool gets its first address there, when the pod may use that pool alone:
 * `claims` a block of its own, `takesOver` an empty block of another node, `borrows` an address in another node's block, is
 * `refused` although addresses are free, or finds the pool `full`.
 */
type NewNode = (typeof newNodeOutcomes)[number];

/** How the free addresses of a pool's blocks lie. */
export interface Fragmentation {
  /** Blocks with a free address. */
  readonly blocksWithFree: number;
  /** Free addresses in those blocks. */
  readonly free: number;
  /**
   * Free addresses in blocks that a node without room in its own cannot have as its own: all of them once no block is left to
   * claim or to take over (it may borrow them, or under strict affinity not even that); before that none, but under strict
   * affinity those of blocks without an owner, which nobody may take.
   */
  readonly stranded: number;
  /** Empty blocks that another node may take over. Those claimed less than a minute ago are in it: they can be within the minute. */
  readonly takeable: number;
  /** Nodes that own as many blocks as they may: once those are full they neither claim nor borrow. */
  readonly atLimit: number;
  readonly newNode: NewNode;
}

/** What all blocks of a pool add up to. */
interface FragmentSums {
  readonly blocksWithFree: number;
  readonly free: number;
  /** Free addresses in blocks without an owner. */
  readonly ownerless: number;
  /** Owned blocks with free addresses of which nothing is in use but by Windows itself. */
  readonly empty: number;
  /** Blocks of each node that owns any. */
  readonly held: ReadonlyMap<unknown, number>;
}

/** `judgeFragments` of these blocks. */
export function fragmentation(
  blocks: Iterable<FragmentBlock>,
  rules: FragmentRules,
): Fragmentation & { readonly holders: ReadonlySet<string> } {
  const sums = { blocksWithFree: 0, free: 0, ownerless: 0, empty: 0 };
  const held = new Map<string, number>();
  for (const { owner, free, inUse, windows } of blocks) {
    if (owner?.type === "host") held.set(owner.name, (held.get(owner.name) ?? 0) + 1);
    if (free <= 0) continue;
    sums.blocksWithFree += 1;
    sums.free += free;
    if (owner === null) sums.ownerless += free;
    else if (inUse === windows) sums.empty += 1;
  }
  return { ...judgeFragments({ ...sums, held }, rules), holders: new Set(held.keys()) };
}

/**
 * Judges a pool by the order in which AutoAssign looks for an address: own blocks, unclaimed ones, empty ones of others,
 * borrowing. A block without an owner can be borrowed from and never claimed. Limits count all candidate pools of a
 * request, so a node can be at its limit with fewer blocks here than `blockLimit`; `atLimit` is the least there are.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/ipam/ipam.go autoAssign, ipam_block_reader_writer.go findUsableBlock
 */
export function judgeFragments(
  { blocksWithFree, free, ownerless, empty, held }: FragmentSums,
  rules: FragmentRules,
): Fragmentation {
  const takeable = rules.takesOver ? empty : 0;
  const newNode = outcome({ free, takeable }, rules);
  const isOpen = newNode === "claims" || newNode === "takesOver";
  let atLimit = 0;
  for (const count of held.values()) if (count >= rules.blockLimit) atLimit += 1;
  return {
    blocksWithFree,
    free,
    stranded: isOpen ? (rules.strictAffinity ? ownerless : 0) : free,
    takeable,
    atLimit,
    newNode,
  };
}

function outcome({ free, takeable }: { free: number; takeable: number }, rules: FragmentRules): NewNode {
  if (!rules.autoAllocateBlocks) return free > 0 || rules.blocksLeft > 0n ? "refused" : "full";
  if (rules.blocksLeft > 0n) return "claims";
  if (takeable > 0) return "takesOver";
  if (free === 0) return "full";
  return rules.strictAffinity ? "refused" : "borrows";
}
