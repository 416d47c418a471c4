import { mostDenseSlots, poolMapFlags } from "../../contract/pool-map.ts";
import { familyBits } from "../../ipam/address.ts";
import { type CidrSet, emptyCidrSet, rangesWithin } from "../../ipam/cidr-set.ts";
import { type BlockGrid, blocksInPool } from "../../ipam/host-order.ts";
import type { BlockRow } from "../../inventory/block-row.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { PoolRow } from "../../inventory/pool-row.ts";
import type { Row } from "../../inventory/table.ts";
import { type KeptColumn, MapColumns, type Piece } from "./pool-map-columns.ts";
import { MapJournal } from "./pool-map-journal.ts";
import { PoolMapRows } from "./pool-map-rows.ts";
import { type BlockShare, isDoubtful, shareOf, stillHolds } from "./pool-map-shares.ts";

/** What stands for as long as rows and names keep their numbers. */
interface Layout {
  readonly rows: PoolMapRows;
  readonly columns: MapColumns;
  readonly journal: MapJournal;
}

/** A slot of the pool: a number where every slot has a row. */
type Slot = number | bigint;

/** Names that no row has any more are kept up to this many, or as many as those in use. */
const mostIdleNames = 64;

/**
 * Doubtful shares that are looked at when there is news: all of them, but in a pool of more blocks than this that nearly all have a
 * leak candidate. There the rest comes with the next news: to look at 262,144 takes a hundred times as long as one changed block.
 */
const mostLooks = 32_768;
/** Looks between two glances at the time. */
const looksAtOnce = 256;

/**
 * The map of one pool, kept. A change costs work for the blocks that changed and the rows that they touch: of 262,144 blocks one
 * takes a thousandth of going through all of them.
 */
export class KeptMap {
  readonly name: string;
  readonly pool: BlockGrid;
  readonly capacity: number;
  layout: Layout;
  private readonly inventory: Inventory;
  private readonly isDense: boolean;
  private readonly shares = new Map<string, BlockShare>();
  private readonly pieces = new Map<Slot, readonly Piece[]>();
  private readonly ownedBy = new Map<number, Set<BlockShare>>();
  /** Interned node → addresses that it has in blocks of others. */
  private readonly borrowed = new Map<number, number>();
  private readonly doubtful = new Set<BlockShare>();
  private doubts: Iterator<BlockShare> = this.doubtful.values();
  /** Doubtful shares still to be looked at. */
  private looks = 0;
  private readonly byNode = new Map<Row, Set<string>>();
  private reserved = new Uint8Array(0);
  private reservedBy: CidrSet = emptyCidrSet;
  /** Of the inventory, when it was last looked at. */
  private seen: string | null = null;
  /** Blocks that were there at first and are not reckoned yet, the next one last: 262,144 names in a set would take a tenth of a second. */
  private readonly unread: BlockRow[];
  /** Blocks, by name, whose share is to be reckoned. */
  private readonly stale = new Set<string>();
  /** Slots whose row is to be written. */
  private readonly dirty = new Set<Slot>();
  private isLaidOut = false;
  private readonly changedRows = new Set<number>();
  private readonly changedColumns = new Set<KeptColumn>();

  constructor(inventory: Inventory, { name, pool }: PoolRow) {
    this.inventory = inventory;
    this.name = name;
    this.pool = pool;
    this.capacity = 2 ** (familyBits(pool.cidr.family) - pool.blockSize);
    this.isDense = blocksInPool(pool) <= mostDenseSlots;
    this.unread = [...inventory.space.tallies.pool(name).blocks].toReversed();
    this.layout = this.layOut();
  }

  /** The block has come, gone or changed. */
  touch(block: string): void {
    this.stale.add(block);
  }

  /** Brings it up to date, until it is or `until` (of `performance.now`) is over. Whether it is. */
  step(until: number): boolean {
    this.look();
    while (this.looks > 0) {
      this.doubt();
      if (performance.now() >= until) return false;
    }
    for (let block = this.unread.pop(); block; block = this.unread.pop()) {
      this.reckon(block.name);
      if (performance.now() >= until) return false;
    }
    for (const name of this.stale) {
      this.stale.delete(name);
      this.reckon(name);
      if (performance.now() >= until) return false;
    }
    if (!this.isLaidOut) {
      this.layout = this.layOut();
      this.reserve();
    }
    for (const slot of this.dirty) {
      this.dirty.delete(slot);
      this.write(slot);
      if (performance.now() >= until) return false;
    }
    this.note();
    return true;
  }

  /** What nobody is told of. */
  private look(): void {
    const { version, space } = this.inventory;
    if (this.seen === version) return;
    this.seen = version;
    for (const [node, blocks] of this.byNode) if (node.gone) for (const name of blocks) this.stale.add(name);
    this.looks = Math.min(mostLooks, this.doubtful.size);
    if (this.reservedBy !== space.reservedSet) this.reserve();
    const { nodes, namespaces } = this.layout.columns;
    for (const { idle, names } of [nodes, namespaces])
      if (idle > Math.max(mostIdleNames, names.length / 2)) this.isLaidOut = false;
  }

  /** Looks at the next few doubtful shares. */
  private doubt(): void {
    for (let few = Math.min(looksAtOnce, this.looks); few > 0; few--) {
      this.looks -= 1;
      let next = this.doubts.next();
      if (next.done) {
        this.doubts = this.doubtful.values();
        next = this.doubts.next();
      }
      if (!next.done && !stillHolds(this.inventory, next.value)) this.stale.add(next.value.block.name);
    }
  }

  /** Room for the slots that there are now, all of whose rows are to be written. */
  private layOut(): Layout {
    const rows = new PoolMapRows(this.pool, () => Array.from(this.pieces.keys(), BigInt));
    for (const slot of this.pieces.keys()) this.dirty.add(slot);
    this.reserved = new Uint8Array(rows.length);
    this.changedColumns.clear();
    this.changedRows.clear();
    this.isLaidOut = true;
    const { interner, version } = this.inventory;
    const columns = new MapColumns(rows.length, this.capacity, interner);
    return { rows, columns, journal: new MapJournal(version) };
  }

  private reserve(): void {
    const { reserved, partlyReserved } = poolMapFlags;
    const { rows } = this.layout;
    const before = this.reserved;
    const next = new Uint8Array(rows.length);
    this.reservedBy = this.inventory.space.reservedSet;
    for (const range of rangesWithin(this.reservedBy, this.pool.cidr))
      rows.reserved(range, (at, whole) => {
        next[at] = (next[at] ?? 0) | (whole ? reserved : partlyReserved);
      });
    this.reserved = next;
    for (let row = 0; row < next.length; row++)
      if (next[row] !== before[row]) this.dirty.add(rows.slots?.[row] ?? row);
  }

  private reckon(name: string): void {
    const before = this.shares.get(name);
    if (before) this.drop(before);
    const block = this.inventory.space.blocks.get("", name);
    if (block?.pool === this.name) this.take(shareOf(this.inventory, this.pool, block));
  }

  private take(share: BlockShare): void {
    const { name } = share.block;
    this.shares.set(name, share);
    for (const part of share.parts) {
      const slot = this.slotOf(part.slot);
      const others = this.pieces.get(slot);
      if (!others && !this.isDense) this.isLaidOut = false;
      this.pieces.set(slot, others ? [...others, { share, part }].sort(byBlock) : [{ share, part }]);
      this.dirty.add(slot);
    }
    for (const node of share.borrowers) this.borrow(node, 1);
    if (isDoubtful(share)) this.doubtful.add(share);
    addTo(this.ownedBy, share.ownerId, share);
    for (const node of share.nodes) addTo(this.byNode, node, name);
  }

  private drop(share: BlockShare): void {
    const { name } = share.block;
    this.shares.delete(name);
    for (const part of share.parts) {
      const slot = this.slotOf(part.slot);
      const others = (this.pieces.get(slot) ?? []).filter((piece) => piece.share !== share);
      if (others.length > 0) this.pieces.set(slot, others);
      else this.pieces.delete(slot);
      if (others.length === 0 && !this.isDense) this.isLaidOut = false;
      this.dirty.add(slot);
    }
    for (const node of share.borrowers) this.borrow(node, -1);
    this.doubtful.delete(share);
    removeFrom(this.ownedBy, share.ownerId, share);
    for (const node of share.nodes) removeFrom(this.byNode, node, name);
  }

  /** A node that begins or ends to borrow is marked on all blocks of its own. */
  private borrow(node: number, by: 1 | -1): void {
    const count = (this.borrowed.get(node) ?? 0) + by;
    if (count === 0) this.borrowed.delete(node);
    else this.borrowed.set(node, count);
    if (count !== (by === 1 ? 1 : 0)) return;
    for (const { parts } of this.ownedBy.get(node) ?? [])
      for (const { slot } of parts) this.dirty.add(this.slotOf(slot));
  }

  private write(slot: Slot): void {
    const { rows, columns } = this.layout;
    const row = rows.rowOf(BigInt(slot));
    if (row === null) return;
    columns.write(
      row,
      this.pieces.get(slot) ?? [],
      this.reserved[row] ?? 0,
      (node) => this.borrowed.has(node),
      (column) => {
        this.changedColumns.add(column);
        this.changedRows.add(row);
      },
    );
  }

  private note(): void {
    if (this.changedRows.size === 0) return;
    const { columns, journal } = this.layout;
    const names = { nodes: columns.nodes.names.length, namespaces: columns.namespaces.names.length };
    journal.add(this.changedColumns, this.changedRows, names, this.inventory.version);
    this.changedColumns.clear();
    this.changedRows.clear();
  }

  private slotOf(slot: bigint): Slot {
    return this.isDense ? Number(slot) : slot;
  }
}

/** The larger block first, whose owner then gives way to that of a smaller one. */
function byBlock({ share: { block: one } }: Piece, { share: { block: other } }: Piece): number {
  return one.cidr.prefix - other.cidr.prefix || (one.cidr.base < other.cidr.base ? -1 : 1);
}

function addTo<Key, Value>(sets: Map<Key, Set<Value>>, key: Key, value: Value): void {
  const set = sets.get(key);
  if (set) set.add(value);
  else sets.set(key, new Set([value]));
}

function removeFrom<Key, Value>(sets: Map<Key, Set<Value>>, key: Key, value: Value): void {
  const set = sets.get(key);
  set?.delete(value);
  if (set?.size === 0) sets.delete(key);
}
