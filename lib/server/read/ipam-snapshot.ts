import type { Attribute, Block } from "../../ipam/block.ts";
import { formatCidr } from "../../ipam/cidr.ts";
import type { IpamSnapshot } from "../../ipam/snapshot.ts";
import type { BlockRow } from "../../inventory/block-row.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { Kind } from "../../inventory/kinds.ts";
import type { Table } from "../../inventory/table.ts";

/** What a snapshot is made from besides pools. */
export const snapshotKinds = [
  "blocks",
  "affinities",
  "reservations",
  "ipamConfig",
] as const satisfies readonly Kind[];

/**
 * What the allocator looks at, of the inventory as it is now. Good for planning where an address comes from and for nothing that
 * is written: handles and sequence numbers are not there, and of who holds an address only that somebody does.
 */
export function ipamSnapshot({ space, settings }: Inventory): Omit<IpamSnapshot, "pools"> {
  return {
    blocks: new LiveBlocks(space.blocks),
    affinities: Array.from(space.affinities, ({ affinity }) => affinity),
    handles: new Map(),
    config: settings.ipamConfig,
    reservations: Array.from(space.reservations, ({ name, cidrs }) => ({ name, cidrs })),
  };
}

/** Blocks by CIDR, unpacked when one is asked for: a plan looks at a few of many thousand. */
class LiveBlocks implements ReadonlyMap<string, Block> {
  readonly #rows: Table<BlockRow>;

  constructor(rows: Table<BlockRow>) {
    this.#rows = rows;
  }

  get size(): number {
    return this.#rows.size;
  }

  /** By the object's name, as Calico does. */
  get(cidr: string): Block | undefined {
    const row = this.#rows.get("", cidr.replaceAll(/[.:/]/g, "-"));
    return row === null ? undefined : unpack(row);
  }

  has(cidr: string): boolean {
    return this.get(cidr) !== undefined;
  }

  *entries(): MapIterator<[string, Block]> {
    for (const row of this.#rows) yield [formatCidr(row.cidr), unpack(row)];
  }

  *keys(): MapIterator<string> {
    for (const { text } of this.#rows) yield text;
  }

  *values(): MapIterator<Block> {
    for (const row of this.#rows) yield unpack(row);
  }

  [Symbol.iterator](): MapIterator<[string, Block]> {
    return this.entries();
  }

  forEach(visit: (value: Block, key: string, map: ReadonlyMap<string, Block>) => void): void {
    for (const [key, block] of this.entries()) visit(block, key, this);
  }
}

function unpack({ cidr, owner, claimedAt, content, revision }: BlockRow): Block {
  const slots = Array.from({ length: content.size }, (_, ordinal) => content.slot(ordinal));
  return {
    cidr,
    affinity: owner,
    claimedAt,
    allocations: slots.map((index) => (index < 0 ? null : index)),
    queue: content.queue(),
    attributes: Array.from({ length: content.allocationCount }, (_, index): Attribute => {
      const { kind, handle, since } = content.allocation(index);
      return { handle, owner: {}, alternateOwner: null, releasedAt: kind === null ? since : null };
    }),
    sequenceNumber: 0n,
    sequenceForAllocation: new Map(),
    deleted: false,
    revision,
  };
}
