import type { Attribute, Block } from "../../ipam/block.ts";
import { WINDOWS_HANDLE } from "../../ipam/block-ops.ts";
import { formatCidr } from "../../ipam/cidr.ts";
import type { IpamSnapshot } from "../../ipam/snapshot.ts";
import type { BlockRow } from "../../inventory/block-row.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { PackedBlock } from "../../inventory/packed-block.ts";
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

/** Blocks by CIDR, each unpacked once and when it is asked for: a plan looks at a few of many thousand, or twice at all of them. */
class LiveBlocks implements ReadonlyMap<string, Block> {
  readonly #rows: Table<BlockRow>;
  readonly #known = new Map<string, Block>();

  constructor(rows: Table<BlockRow>) {
    this.#rows = rows;
  }

  get size(): number {
    return this.#rows.size;
  }

  /** By the object's name, as Calico does. */
  get(cidr: string): Block | undefined {
    const known = this.#known.get(cidr);
    if (known) return known;
    const row = this.#rows.get("", cidr.replaceAll(/[.:/]/g, "-"));
    if (row === null) return undefined;
    const block = unpack(row);
    this.#known.set(cidr, block);
    return block;
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
  const allocations: (number | null)[] = [];
  for (let ordinal = 0; ordinal < content.size; ordinal++) {
    const index = content.slot(ordinal);
    allocations.push(index < 0 ? null : index);
  }
  const attributes: Attribute[] = [];
  for (let index = 0; index < content.allocationCount; index++) attributes.push(attributeOf(content, index));
  return {
    cidr,
    affinity: owner,
    claimedAt,
    allocations,
    queue: content.queue(),
    attributes,
    sequenceNumber: 0n,
    sequenceForAllocation: new Map(),
    deleted: false,
    revision,
  };
}

const held: Attribute = { handle: null, owner: {}, alternateOwner: null, releasedAt: null };
const ofWindows: Attribute = { ...held, handle: WINDOWS_HANDLE };

/** A full pool is walked block by block, so who holds an address is not made into text. */
function attributeOf(content: PackedBlock, index: number): Attribute {
  const kind = content.kind(index);
  if (kind === "windows") return ofWindows;
  if (kind !== null) return held;
  const since = content.since(index);
  return Number.isNaN(since) ? held : { ...held, releasedAt: new Date(since).toISOString() };
}
