import type { AllocationKind } from "../ipam/attribute-kind.ts";

/** How the addresses of one block lie in their columns; `block-pack.ts` writes them, `packed-block.ts` reads them. */
export const column = {
  /** One number each of `fact`. */
  facts: 0,
  /** Index of the allocation + 1 by ordinal; 0 is free. */
  slots: 1,
  queue: 2,
  /** By allocation from here on. Kind, 8 × (tunnel type + 1), `packedTrait` when the handle is packed. */
  traits: 3,
  /** Interned; 0: none. */
  namespaces: 4,
  /** 0: the owner's, else interned + 1, of which 1 is none. */
  nodes: 5,
  /** 0: not recorded, else 1 + milliseconds since the earliest, which is the only number of `earliest`. */
  times: 6,
  earliest: 7,
  /** Where the text of each ends. */
  nameEnds: 8,
  /** The same + 1; no column at all when every handle is packed. */
  handleEnds: 9,
  /** Of packed handles: 0: as `fact.handleStart` says, else interned + 1. */
  handleStarts: 10,
  names: 11,
  handles: 12,
} as const;
export const columnCount = 13;

/** Places in the first column. */
export const fact = {
  /** Interned name of the owner; 0: it has none. */
  home: 0,
  /** Interned text before the first packed handle. */
  handleStart: 1,
  size: 2,
  queued: 3,
  allocations: 4,
  /** 1: all texts are ASCII. */
  isPlain: 5,
  lent: 6,
  /** How many addresses are of each of `allocationKinds`, from here on. */
  kinds: 7,
} as const;

/** Position = the number stored; 0 is a cooling address, whose kind is null. */
export const allocationKinds: readonly (AllocationKind | null)[] = [
  null,
  "pod",
  "tunnel",
  "loadBalancer",
  "vm",
  "windows",
  "other",
];
export const tunnelKind = 2;
export const factCount = fact.kinds + allocationKinds.length;

export const packedTrait = 64;
export const packedHandleBytes = 32;
/** Times are stored as if this were 1970, so that Go's year 1 is no negative number. */
export const epoch = 2 ** 46;
