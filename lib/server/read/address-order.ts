import type { Inventory } from "../../inventory/inventory.ts";
import { isGap, type Place } from "./addresses.ts";
import { BlockStates } from "./block-addresses.ts";
import { invalidParameter } from "./read-error.ts";

type Key = string | number | null;

/** How rows of the address table are put in order: by a key that is made once a row, and much cheaper than the row. */
export interface AddressOrder {
  /** `at`: the row's position in address order. */
  keyOf(place: Place, at: number): Key;
  compare(one: Key, other: Key): number;
}

type Field = "ip" | "owner" | "node" | "kind" | "state" | "since";
const fields: readonly Field[] = ["ip", "owner", "node", "kind", "state", "since"];

/** Null for address order, in which rows are anyway. Throws 422 for a field that addresses cannot be sorted by. */
export function addressOrder(inventory: Inventory, sort = "ip"): AddressOrder | null {
  if (sort === "ip") return null;
  const descending = sort.startsWith("-");
  const field = fields.find((one) => one === (descending ? sort.slice(1) : sort));
  if (!field) throw invalidParameter("sort", `cannot sort by ${sort}; try ${fields.join(", ")}`);
  const keyOf = keyMaker(inventory, field);
  return { keyOf, compare: descending ? (one, other) => compareKeys(other, one) : compareKeys };
}

function keyMaker(inventory: Inventory, field: Field): AddressOrder["keyOf"] {
  const { interner } = inventory;
  return ({ segment, start }, at) => {
    if (field === "ip") return at;
    if (isGap(segment)) return field === "state" ? segment.row.state : null;
    if (field === "state") return new BlockStates(inventory, segment).of(start);
    if (field === "kind") return new BlockStates(inventory, segment).kindOf(start);
    const { content } = segment;
    const index = content.slot(start);
    if (index < 0) return null;
    const node = interner.text(content.nodeId(index));
    if (field === "node") return node;
    if (field === "since") return Number.isNaN(content.since(index)) ? null : content.since(index);
    const name = content.name(index) ?? (content.kind(index) === "tunnel" ? node : null);
    return name === null ? null : `${interner.text(content.namespaceId(index)) ?? ""}/${name}`;
  };
}

/** Rows without the field come last; descending, first. */
function compareKeys(one: Key, other: Key): number {
  if (one === other) return 0;
  if (one === null) return 1;
  if (other === null) return -1;
  return one < other ? -1 : 1;
}
