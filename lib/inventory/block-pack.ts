import { type Allocation, tunnelTypes } from "../ipam/attribute-kind.ts";
import { goMilliseconds } from "../ipam/go-time.ts";
import { ColumnWriter } from "./block-columns.ts";
import {
  allocationKinds,
  column,
  columnCount,
  epoch,
  fact,
  factCount,
  packedHandleBytes,
  packedTrait,
} from "./block-layout.ts";
import type { Interner } from "./interner.ts";

/** What a block holds, address by address. */
export interface BlockContent {
  /** Ordinal → index into `allocations`, or null when free. */
  readonly slots: readonly (number | null)[];
  /** Free ordinals in the order in which they are handed out. */
  readonly queue: readonly number[];
  /** Where `since` may also be in Go's form, or no time at all: then it is not recorded. */
  readonly allocations: readonly Allocation[];
  /** Whose block it is; null: nobody's. */
  readonly home?: string | null;
}

const dot = 46;

const writer = new ColumnWriter();
/** Columns of the block that is being packed; as long as the largest so far. */
let room = roomFor(64);

function roomFor(count: number) {
  const numbers = () => new Float64Array(count);
  return {
    slots: numbers(),
    traits: numbers(),
    namespaces: numbers(),
    nodes: numbers(),
    times: numbers(),
    nameEnds: numbers(),
    handleEnds: numbers(),
    handleStarts: numbers(),
  };
}

/** Writes the columns of a block. */
export function packBlock(
  { slots: holders, queue: queued, allocations, home = null }: BlockContent,
  interner: Interner,
): string {
  const count = allocations.length;
  if (room.traits.length < Math.max(count, holders.length))
    room = roomFor(2 * Math.max(count, holders.length));
  writer.begin(columnCount);
  const counts = new Float64Array(factCount);
  counts[fact.home] = interner.id(home);
  counts[fact.size] = holders.length;
  counts[fact.queued] = queued.length;
  counts[fact.allocations] = count;

  packOwners(allocations, home, interner);
  counts[fact.handleStart] = packHandles(allocations, interner);
  counts[fact.isPlain] = writer.isPlain ? 1 : 0;
  packTimes(allocations);
  for (let ordinal = 0; ordinal < holders.length; ordinal++) {
    const index = holders[ordinal] ?? -1;
    room.slots[ordinal] = index + 1;
    if (index < 0) continue;
    const kind = fact.kinds + ((room.traits[index] ?? 0) & 7);
    counts[kind] = (counts[kind] ?? 0) + 1;
    if ((room.nodes[index] ?? 0) > 1) counts[fact.lent] = (counts[fact.lent] ?? 0) + 1;
  }

  writer.numbers(column.slots, room.slots, holders.length);
  writer.numbers(column.queue, queued, queued.length);
  writer.numbers(column.facts, counts, factCount);
  return writer.finish();
}

/** Names, and what is interned of them. */
function packOwners(allocations: readonly Allocation[], home: string | null, interner: Interner): void {
  const { length } = allocations;
  writer.texts(column.names);
  let end = 0;
  for (let index = 0; index < length; index++) {
    const one = allocations[index];
    if (!one) continue;
    const { kind, owner, node, tunnel } = one;
    if (kind !== "tunnel" && owner) end += writer.text(owner.name);
    room.nameEnds[index] = end;
    room.traits[index] =
      allocationKinds.indexOf(kind) + 8 * (tunnel === null ? 0 : tunnelTypes.indexOf(tunnel) + 1);
    room.namespaces[index] = interner.id(owner?.namespace ?? null);
    room.nodes[index] = node === home ? 0 : interner.id(node) + 1;
  }
  writer.numbers(column.nameEnds, room.nameEnds, length);
  writer.numbers(column.namespaces, room.namespaces, length);
  writer.numbers(column.nodes, room.nodes, length);
}

/** Returns the interned start that the first packed one has. Adds to the traits, and writes them. */
function packHandles(allocations: readonly Allocation[], interner: Interner): number {
  const { length } = allocations;
  writer.texts(column.handles);
  let start = "";
  let startId = -1;
  let firstId = -1;
  let end = 0;
  let isUniform = true;
  for (let index = 0; index < length; index++) {
    const handle = allocations[index]?.handle ?? "";
    const digits = handle.length - 2 * packedHandleBytes;
    const isPacked = digits > 0 && handle.charCodeAt(digits - 1) === dot && writer.hex(handle, digits);
    let other = 0;
    if (isPacked) {
      end += packedHandleBytes;
      if (startId < 0 || start.length !== digits || !handle.startsWith(start)) {
        start = handle.slice(0, digits);
        startId = interner.id(start);
        if (firstId < 0) firstId = startId;
      }
      if (startId !== firstId) other = startId + 1;
      room.traits[index] = (room.traits[index] ?? 0) + packedTrait;
    } else {
      isUniform = false;
      end += writer.text(handle);
    }
    room.handleStarts[index] = other;
    room.handleEnds[index] = end + 1;
  }
  writer.numbers(column.traits, room.traits, length);
  writer.numbers(column.handleEnds, room.handleEnds, isUniform ? 0 : length);
  writer.numbers(column.handleStarts, room.handleStarts, length);
  return Math.max(0, firstId);
}

function packTimes(allocations: readonly Allocation[]): void {
  const { length } = allocations;
  let least = Number.POSITIVE_INFINITY;
  for (let index = 0; index < length; index++) {
    const since = allocations[index]?.since ?? null;
    const time = since === null ? Number.NaN : millisecondsOf(since);
    room.times[index] = time;
    if (time < least) least = time;
  }
  for (let index = 0; index < length; index++) {
    const time = room.times[index] ?? Number.NaN;
    room.times[index] = Number.isNaN(time) ? 0 : time - least + 1;
  }
  writer.numbers(column.times, room.times, length);
  writer.numbers(column.earliest, [Number.isFinite(least) ? least + epoch : 0], 1);
}

function millisecondsOf(time: string): number {
  return time[10] === "T" ? Date.parse(time) : goMilliseconds(time);
}
