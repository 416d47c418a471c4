import type { Inventory } from "../../inventory/inventory.ts";
import type { AddressField } from "./address-order.ts";
import { type AddressRows, isGap, type Place } from "./address-rows.ts";
import { BlockStates } from "./block-addresses.ts";

/** With more rows of changed blocks than this everything is sorted anew, aside. */
const mostChanged = 2_000;

type Key = string | number | null;

/**
 * `addressOrder` of rows of which most are as they were in `before`: those keep their order, and the rows of changed blocks
 * are put in between one by one. After one event of a block an answer takes 1/16 of one that is sorted. Null: too much has changed.
 */
export function mergedOrder(
  inventory: Inventory,
  before: AddressRows,
  after: AddressRows,
  { field, descending }: { field: AddressField; descending: boolean },
): Uint32Array | null {
  const parts = compareStretches(before, after);
  if (!parts || !before.order) return null;
  const keyOf = (row: number): Key => {
    const place = after.place(row);
    return place && keyOfPlace(inventory, place, field);
  };
  const isBefore = (one: Key, oneRow: number, other: Key, otherRow: number) => {
    const order = descending ? compareKeys(other, one) : compareKeys(one, other);
    return order === 0 ? oneRow < otherRow : order < 0;
  };
  const kept = keptOrder(before, before.order, parts.newFirsts);
  const changed = parts.changed
    .map((row) => ({ row, key: keyOf(row) }))
    .sort((one, other) => (isBefore(one.key, one.row, other.key, other.row) ? -1 : 1));

  const merged = new Uint32Array(after.length);
  let taken = 0;
  for (const [at, { row, key }] of changed.entries()) {
    let low = taken;
    let high = kept.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = kept[middle] ?? 0;
      if (isBefore(keyOf(other), other, key, row)) low = middle + 1;
      else high = middle;
    }
    merged.set(kept.subarray(taken, low), taken + at);
    merged[low + at] = row;
    taken = low;
  }
  merged.set(kept.subarray(taken), taken + changed.length);
  return merged;
}

/** Rows that are new, and by old stretch the number of its first row now; -1: it is not as it was. Null: too many. */
function compareStretches(
  before: AddressRows,
  after: AddressRows,
): { changed: number[]; newFirsts: Float64Array } | null {
  const known = new Map(before.stretches.map(({ segment }, at) => [segment, at]));
  const newFirsts = new Float64Array(before.stretches.length).fill(-1);
  const changed: number[] = [];
  for (const [at, { segment, starts }] of after.stretches.entries()) {
    const first = after.firsts[at] ?? 0;
    const old = known.get(segment);
    // The same object is the same block, and the question is the same: so are its rows.
    if (old !== undefined) newFirsts[old] = first;
    else for (let row = 0; row < starts.length; row++) changed.push(first + row);
    if (changed.length > mostChanged) return null;
  }
  return { changed, newFirsts };
}

/** The old order without what has changed, by the numbers that rows have now. */
function keptOrder(before: AddressRows, order: Uint32Array, newFirsts: Float64Array): Uint32Array {
  const numbers = new Float64Array(before.length);
  for (const [at, { starts }] of before.stretches.entries()) {
    const [from, to] = [before.firsts[at] ?? 0, newFirsts[at] ?? -1];
    for (let row = 0; row < starts.length; row++) numbers[from + row] = to < 0 ? -1 : to + row;
  }
  const kept = new Uint32Array(order.length);
  let count = 0;
  for (const row of order) {
    const number = numbers[row] ?? -1;
    if (number >= 0) kept[count++] = number;
  }
  return kept.subarray(0, count);
}

function keyOfPlace(inventory: Inventory, { segment, start }: Place, field: AddressField): Key {
  const { interner } = inventory;
  if (isGap(segment)) return field === "state" ? segment.row.state : null;
  if (field === "state") return new BlockStates(inventory, segment).of(start);
  if (field === "kind") return new BlockStates(inventory, segment).kindOf(start);
  const { content } = segment;
  const index = content.slot(start);
  if (index < 0) return null;
  const node = interner.text(content.nodeId(index));
  if (field === "node") return node;
  if (field === "since") return Number.isNaN(content.since(index)) ? null : content.since(index);
  const name = content.name(index) ?? (content.isTunnel(index) ? node : null);
  return name === null ? null : `${interner.text(content.namespaceId(index)) ?? ""}/${name}`;
}

/** Rows without the field come last. */
function compareKeys(one: Key, other: Key): number {
  if (one === other) return 0;
  if (one === null) return 1;
  if (other === null) return -1;
  return one < other ? -1 : 1;
}
