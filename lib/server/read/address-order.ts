import type { AddressRow } from "../../ipam/address-rows.ts";
import type { AllocationKind } from "../../ipam/attribute-kind.ts";
import type { BlockRow } from "../../inventory/block-row.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { PackedBlock } from "../../inventory/packed-block.ts";
import { Slices } from "../../inventory/slices.ts";
import type { SortKey } from "../../inventory/sort-rows.ts";
import { sorted } from "../../inventory/sort-thread.ts";
import { type AddressRows, isGap, type Starts } from "./address-rows.ts";
import type { GapSegment } from "./address-segments.ts";
import { BlockStates } from "./block-addresses.ts";

export const addressFields = ["ip", "owner", "node", "kind", "state", "since"] as const;
export type AddressField = (typeof addressFields)[number];

const kinds: readonly AllocationKind[] = ["pod", "tunnel", "loadBalancer", "vm", "windows", "other"];
const states: readonly AddressRow["state"][] = ["used", "cooling", "reserved", "free", "unclaimed"];

/**
 * Row numbers in the order of a field; rows that it holds equal in address order, rows without it last, or first when descending.
 * Keys are made in slices and sorted aside: 160,000 owners as keyed objects held everybody up for half a second.
 * Null: `isGivenUp` said so.
 */
export async function addressOrder(
  inventory: Inventory,
  rows: AddressRows,
  { field, descending }: { field: AddressField; descending: boolean },
  isGivenUp: () => boolean,
): Promise<Uint32Array | null> {
  const keys = new Keys(inventory, rows.length, field);
  const slices = new Slices();
  for (const { segment, starts } of rows.stretches) {
    if (isGap(segment)) keys.addGap(segment);
    else keys.addBlock(segment, new BlockStates(inventory, segment), starts);
    if (!slices.isOver) continue;
    await slices.next();
    if (isGivenUp()) return null;
  }
  const numbers = new Uint32Array(rows.length);
  for (let row = 0; row < numbers.length; row++) numbers[row] = row;
  return sorted(() => ({ rows: numbers, keys: keys.made(descending) }));
}

/** The keys of rows that are added in their order. */
class Keys {
  private readonly inventory: Inventory;
  private readonly field: AddressField;
  private readonly numbers: Float64Array;
  /** 0: it has none. */
  private readonly ids: Uint32Array;
  private readonly texts = new Map<number, string>();
  private readonly names: NameHeap | null;
  private row = 0;

  constructor(inventory: Inventory, count: number, field: AddressField) {
    this.inventory = inventory;
    this.field = field;
    this.numbers = new Float64Array(field === "since" ? count : 0);
    this.ids = new Uint32Array(field === "since" ? 0 : count);
    this.names = field === "owner" ? new NameHeap(count) : null;
    const named = field === "kind" ? kinds : field === "state" ? states : [];
    for (const [at, text] of named.entries()) this.texts.set(at + 1, text);
  }

  addGap({ row: { state } }: GapSegment): void {
    if (this.field === "state") this.ids[this.row] = states.indexOf(state) + 1;
    else if (this.field === "since") this.numbers[this.row] = Number.NaN;
    this.row += 1;
  }

  addBlock({ content }: BlockRow, of: BlockStates, starts: Starts): void {
    const { field, ids, numbers } = this;
    for (let at = 0; at < starts.length; at++) {
      const ordinal = starts.charCodeAt(at);
      const index = content.slot(ordinal);
      const row = this.row++;
      if (field === "state") ids[row] = states.indexOf(of.of(ordinal)) + 1;
      else if (field === "kind") ids[row] = kindId(of.kindOf(ordinal));
      else if (field === "since") numbers[row] = index < 0 ? Number.NaN : content.since(index);
      else if (index >= 0 && field === "node") ids[row] = this.interned(content.nodeId(index));
      else if (index >= 0) this.addOwner(row, content, index);
    }
  }

  /** Rows must all have been added. */
  made(descending: boolean): SortKey[] {
    if (this.field === "since") return [{ kind: "numbers", values: this.numbers, descending }];
    const byText = { kind: "texts", ids: this.ids, texts: this.texts, descending } as const;
    return this.names ? [byText, { kind: "names", ...this.names.made(), descending }] : [byText];
  }

  private interned(id: number): number {
    if (id !== 0 && !this.texts.has(id)) this.texts.set(id, this.inventory.interner.text(id) ?? "");
    return id;
  }

  /** As `namespace/name`: with the slash the namespaces alone are in the order of the whole. */
  private addOwner(row: number, content: PackedBlock, index: number): void {
    const { interner } = this.inventory;
    const ofNode = content.isTunnel(index) ? interner.text(content.nodeId(index)) : null;
    if (!this.names?.add(row, content, index, ofNode)) return;
    const namespace = content.namespaceId(index);
    this.ids[row] = namespace + 1;
    if (!this.texts.has(namespace + 1)) this.texts.set(namespace + 1, `${interner.text(namespace) ?? ""}/`);
  }
}

function kindId(kind: AllocationKind | null): number {
  return kind === null ? 0 : kinds.indexOf(kind) + 1;
}

/** Names as UTF-8, one after the other. */
class NameHeap {
  private bytes: Uint8Array;
  private readonly at: Uint32Array;
  private readonly lengths: Uint32Array;
  private end = 0;

  constructor(count: number) {
    this.bytes = new Uint8Array(count * 32);
    this.at = new Uint32Array(count);
    this.lengths = new Uint32Array(count);
  }

  /** The name that the address has, or else the one given; false: neither. */
  add(row: number, content: PackedBlock, index: number, other: string | null): boolean {
    let length = content.writeName(index, this.bytes, this.end);
    if (this.end + length > this.bytes.length) {
      this.grow(length);
      length = content.writeName(index, this.bytes, this.end);
    }
    if (length === 0 && other !== null) length = this.write(other);
    this.at[row] = this.end;
    this.lengths[row] = length;
    this.end += length;
    return length > 0;
  }

  made() {
    return { bytes: this.bytes.subarray(0, this.end), at: this.at, lengths: this.lengths };
  }

  private write(text: string): number {
    if (this.end + text.length * 3 > this.bytes.length) this.grow(text.length * 3);
    return encoder.encodeInto(text, this.bytes.subarray(this.end)).written;
  }

  private grow(bytes: number): void {
    const larger = new Uint8Array((this.end + bytes) * 2);
    larger.set(this.bytes.subarray(0, this.end));
    this.bytes = larger;
  }
}

const encoder = new TextEncoder();
