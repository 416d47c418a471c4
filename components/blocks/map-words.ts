import type { PoolMap } from "@/lib/contract/pool-map.ts";
import { cellOf, type LegendKey, type Mark, slotName } from "./map-model.ts";

export const markWords: Readonly<Record<Mark, string>> = {
  odd: "stored oddly",
  noOwner: "no owner",
  lends: "lends addresses",
  partlyReserved: "partly reserved",
  reserved: "reserved",
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

export const keyWords: Readonly<Record<Exclude<LegendKey, `depth-${number}`>, string>> = {
  unclaimed: "Unclaimed",
  reserved: "Reserved",
  partlyReserved: "Partly reserved",
  lends: "Lends addresses",
  noOwner: "No owner",
  odd: "Stored oddly",
};
