import { type MapColumn, type PoolMap, poolMapFlags } from "../../contract/pool-map.ts";
import type { Narrow } from "../../contract/pool-map-container.ts";
import type { Interner } from "../../inventory/interner.ts";
import { NameColumn, narrow } from "./pool-map-names.ts";
import { merged, mostOf, noPods } from "./pool-map-namespaces.ts";
import type { BlockShare, SharePart } from "./pool-map-shares.ts";

/** What one block gives to one slot. */
export interface Piece {
  readonly share: BlockShare;
  readonly part: SharePart;
}

/** The columns that each map has, and those on request. */
export type KeptColumn = "used" | "flags" | MapColumn;

/** All columns of a pool's map: 13 bytes a row, or 14 where blocks have more than 254 addresses. */
export class MapColumns {
  readonly length: number;
  readonly nodes: NameColumn<string>;
  readonly namespaces: NameColumn<string | null>;
  readonly claimed: Uint32Array<ArrayBuffer>;
  private readonly used: Narrow;
  private readonly flags: Uint16Array<ArrayBuffer>;
  private readonly lent: Narrow;
  private readonly capacity: number;
  private readonly interner: Interner;

  constructor(length: number, capacity: number, interner: Interner) {
    const counts = () => (capacity <= 254 ? new Uint8Array(length) : new Uint16Array(length));
    this.length = length;
    this.capacity = capacity;
    this.interner = interner;
    this.used = counts();
    this.flags = new Uint16Array(length);
    this.nodes = new NameColumn(length);
    this.namespaces = new NameColumn(length);
    this.claimed = new Uint32Array(length);
    this.lent = counts();
  }

  /**
   * What the row is: of the pieces of the blocks that touch its slot, the smallest block last, and of `reserved` flags. Tells
   * `changed` of each column in which it was something else.
   */
  write(
    row: number,
    pieces: readonly Piece[],
    reserved: number,
    borrows: (node: number) => boolean,
    changed: (column: KeptColumn) => void,
  ): void {
    const { capacity } = this;
    let [used, flags, claimed, lent] = [0, reserved, 0, 0];
    let owner: string | null = null;
    let namespaces = noPods;
    for (const { share, part } of pieces) {
      used = Math.min((used || 1) + part.used, capacity + 1);
      flags |= share.mark | part.leak | (borrows(share.ownerId) ? poolMapFlags.borrows : 0);
      if (share.claimed > 0) claimed = Math.min(claimed || share.claimed, share.claimed);
      lent = Math.min(lent + part.lent, capacity);
      owner = share.owner ?? owner;
      namespaces = namespaces === noPods ? part.namespaces : merged(namespaces, part.namespaces);
    }
    if (put(this.used, row, used)) changed("used");
    if (put(this.flags, row, flags)) changed("flags");
    if (put(this.claimed, row, claimed)) changed("claimed");
    if (put(this.lent, row, lent)) changed("lent");
    if (owner === null ? this.nodes.clear(row) : this.nodes.set(row, owner)) changed("node");
    const isNamed = namespaces.length > 0;
    if (
      isNamed ? this.namespaces.set(row, this.interner.text(mostOf(namespaces))) : this.namespaces.clear(row)
    )
      changed("namespace");
  }

  /** As the contract has them. They must be written out before the next row is written. */
  asked(columns: ReadonlySet<MapColumn>): Omit<PoolMap, "header" | "slot"> {
    return {
      used: this.used,
      flags: narrow(this.flags),
      node: columns.has("node") ? this.nodes.column() : null,
      namespace: columns.has("namespace") ? this.namespaces.column() : null,
      claimed: columns.has("claimed") ? this.claimed : null,
      lent: columns.has("lent") ? this.lent : null,
    };
  }
}

function put(column: Narrow | Uint32Array, row: number, value: number): boolean {
  if (column[row] === value) return false;
  column[row] = value;
  return true;
}
