import { addressBits, addressKind, type AddressKind } from "@/lib/contract/address-map.ts";
import type { PoolMap } from "@/lib/contract/pool-map.ts";
import { formatAddress } from "@/lib/ipam/address.ts";
import { kindWords } from "../blocks/address-cells.ts";
import { countText } from "../ui/count.ts";
import { cellOf, type Mark, slotCidr, slotName } from "./model.ts";
import type { BlockAddresses } from "./paint-addresses.ts";

/** A mark in the middle of a sentence. */
const markWords: Readonly<Record<Mark, string>> = {
  leak: "with a leak candidate",
  noOwner: "no owner",
  lends: "lends addresses",
  borrows: "its node borrows elsewhere",
  odd: "stored oddly",
  unsettled: "claim not confirmed",
  reserved: "reserved",
  partlyReserved: "partly reserved",
  cooling: "with cooling addresses",
};

/** A mark as a key of the legend. */
export const markLabels: Readonly<Record<Mark, string>> = {
  leak: "Leak candidate",
  noOwner: "No owner",
  lends: "Lends addresses",
  borrows: "Node borrows elsewhere",
  odd: "Stored oddly",
  unsettled: "Claim not confirmed",
  reserved: "Reserved",
  partlyReserved: "Partly reserved",
  cooling: "Cooling",
};

/** One cell in a sentence: `10.64.0.64/26, 27 of 64 in use, lends addresses`. */
export function cellWords(map: PoolMap, row: number): string {
  const { kind, used, mark } = cellOf(map, row);
  const { cidr } = slotName(map, row);
  const state =
    used === null
      ? kind === "reserved"
        ? "unclaimed, reserved"
        : "unclaimed"
      : `${used} of ${map.header.capacity} in use`;
  return mark === null ? `${cidr}, ${state}` : `${cidr}, ${state}, ${markWords[mark]}`;
}

/** The range of used addresses of each depth, as it stands under the ramp. */
export function depthRanges(capacity: number): readonly string[] {
  const quarter = (n: number) => Math.ceil((capacity * n) / 4);
  const range = (from: number, to: number) => (from > to ? "" : from === to ? String(from) : `${from}–${to}`);
  return [
    "0 used",
    range(1, quarter(1) - 1),
    range(Math.max(1, quarter(1)), quarter(2) - 1),
    range(Math.max(1, quarter(2)), quarter(3) - 1),
    range(Math.max(1, quarter(3)), capacity - 1),
    String(capacity),
  ];
}

/** How long ago a block was claimed, as it stands under the ramp of ages. */
export const ageWords = ["< 1 h", "< 1 d", "< 7 d", "< 30 d", "< 1 y", "older"] as const;

/** What is under the cursor in a sentence: the block, or the address where addresses are shown. */
export function spotWords(
  map: PoolMap,
  { row, ordinal }: { readonly row: number; readonly ordinal: number | null },
  addresses: ((row: number) => BlockAddresses | null) | null,
): string {
  if (ordinal === null) return cellWords(map, row);
  const about = addresses?.(row) ?? null;
  const words = about === null ? "not read yet" : addressWords(about, ordinal);
  return `${addressText(map, row, ordinal)}, ${words}, in ${slotName(map, row).cidr}`;
}

/** The nth address of a row's block. */
export function addressText(map: PoolMap, row: number, ordinal: number): string {
  const { family, base } = slotCidr(map, row);
  return formatAddress({ family, value: base + BigInt(ordinal) });
}

const stateWords: Readonly<Record<AddressKind, string>> = {
  ...kindWords,
  unclaimed: "unclaimed",
  free: "free",
  cooling: "cooling",
};

/** What an address is: `pod of web, borrowed by node-2`, `free, reserved`. */
export function addressWords({ map, at }: BlockAddresses, ordinal: number): string {
  const state = map.state[at + ordinal] ?? 0;
  const kind = addressKind(state);
  const namespace = map.header.namespaces[(map.namespace[at + ordinal] ?? 0) - 1];
  const node = map.header.nodes[(map.node[at + ordinal] ?? 0) - 1];
  const isHeld = kind !== "free" && kind !== "unclaimed";
  const parts = [
    namespace === undefined ? stateWords[kind] : `${stateWords[kind]} of ${namespace}`,
    (state & addressBits.leak) === 0 ? null : "leak candidate",
    (state & addressBits.reserved) === 0 ? null : isHeld ? "reserved as well" : "reserved",
    node === undefined ? null : (state & addressBits.borrowed) === 0 ? `on ${node}` : `borrowed by ${node}`,
  ];
  return parts.filter((part) => part !== null).join(", ");
}

/** The map in a sentence, for whoever cannot see it. `used`: how many blocks have each stored number. */
export function summaryWords({ header }: PoolMap, used: Uint32Array): string {
  const { rows, capacity, possible } = header;
  const claimed = rows - (used[0] ?? 0);
  const full = used[capacity + 1] ?? 0;
  const empty = used[1] ?? 0;
  const parts = [
    `${countText(claimed)} of ${countText(possible)} blocks claimed`,
    full === 0 ? "none full" : `${countText(full)} full`,
    ...(empty === 0 ? [] : [`${countText(empty)} without an address in use`]),
  ];
  return `${parts.join(", ")}.`;
}
