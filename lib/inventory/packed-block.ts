import {
  type Allocation,
  type AllocationKind,
  type TunnelType,
  tunnelTypes,
} from "../ipam/attribute-kind.ts";
import type { BlockCounts } from "../ipam/block-count.ts";
import { goMilliseconds } from "../ipam/go-time.ts";
import { ColumnWriter, readNumber, startOf } from "./block-columns.ts";
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

/** Position = the number stored; 0 is a cooling address, whose kind is null. */
const kinds: readonly (AllocationKind | null)[] = [
  null,
  "pod",
  "tunnel",
  "loadBalancer",
  "vm",
  "windows",
  "other",
];
const tunnelKind = 2;
const ownerKinds: Readonly<Partial<Record<AllocationKind, string>>> = {
  pod: "pod",
  vm: "vm",
  loadBalancer: "service",
};

/** Interned node of the owner, interned start of its handles, then counts. */
const facts = 0;
const [homeFact, startFact, sizeFact, queueFact, allocationFact, plainFact, lentFact, kindFacts] = [
  0, 1, 2, 3, 4, 5, 6, 7,
];
const factCount = kindFacts + kinds.length;
/** Index of the allocation + 1 by ordinal; 0 is free. */
const slots = 1;
const queue = 2;
/** By allocation from here on. Kind, 8 × (tunnel type + 1), 64 when the handle is packed. */
const traits = 3;
const packedTrait = 64;
/** Interned; 0: none. */
const namespaces = 4;
/** 0: the owner's, else interned + 1, of which 1 is none. */
const nodes = 5;
/** 0: not recorded, else 1 + milliseconds since the earliest, which is the only number of `earliest`. */
const times = 6;
const earliest = 7;
/** Where the text of each ends. */
const nameEnds = 8;
/** The same + 1; no column at all when every handle is packed. */
const handleEnds = 9;
/** Of packed handles: 0: as `startFact` says, else interned + 1. */
const handleStarts = 10;
const names = 11;
const handles = 12;
const columnCount = 13;

/** Times are stored as if this were 1970, so that Go's year 1 is no negative number. */
const epoch = 2 ** 46;
const packedHandleBytes = 32;
const dot = 46;

const writer = new ColumnWriter();
/** Columns of the block that is being packed; as long as the largest so far. */
let room = roomFor(64);

/**
 * The addresses of one block in one string of bytes (`block-columns.ts`): 74 bytes each in a block of twenty, of which the handle
 * is 32 and the name 24; parsed objects take 540. Namespaces, nodes and what stands before a sandbox id in a handle are
 * interned; the 64 hexadecimal digits of the sandbox id are packed. Loops over every address of a cluster read the numbers
 * and never make a text.
 */
export class PackedBlock {
  private readonly bytes: string;
  private readonly interner: Interner;

  constructor(content: BlockContent, interner: Interner) {
    this.interner = interner;
    this.bytes = pack(content, interner);
  }

  get size(): number {
    return readNumber(this.bytes, facts, sizeFact);
  }

  get allocationCount(): number {
    return readNumber(this.bytes, facts, allocationFact);
  }

  /** Entries of the queue; in odd data some are twice in it. */
  get queueLength(): number {
    return readNumber(this.bytes, facts, queueFact);
  }

  /** Interned name of the owner; 0: it has none. */
  get homeId(): number {
    return readNumber(this.bytes, facts, homeFact);
  }

  /** Addresses, by what `BlockCounts` says of them. */
  get lent(): number {
    return readNumber(this.bytes, facts, lentFact);
  }

  get cooling(): number {
    return readNumber(this.bytes, facts, kindFacts);
  }

  byKind(): BlockCounts["byKind"] {
    const of = (kind: number) => readNumber(this.bytes, facts, kindFacts + kind);
    const [pod, tunnel, loadBalancer, vm, windows] = [of(1), of(2), of(3), of(4), of(5)];
    const inUse = this.size - this.queueLength;
    // What lies neither in the queue nor in an entry is "other".
    const other = inUse - this.cooling - pod - tunnel - loadBalancer - vm - windows;
    return { pod, tunnel, loadBalancer, vm, windows, other };
  }

  /** Index of the allocation that holds the ordinal; -1 when it is free. */
  slot(ordinal: number): number {
    return readNumber(this.bytes, slots, ordinal) - 1;
  }

  /** Null: it cools. */
  kind(index: number): AllocationKind | null {
    return kinds[readNumber(this.bytes, traits, index) & 7] ?? null;
  }

  isTunnel(index: number): boolean {
    return (readNumber(this.bytes, traits, index) & 7) === tunnelKind;
  }

  /** Interned; 0 when there is none. */
  namespaceId(index: number): number {
    return readNumber(this.bytes, namespaces, index);
  }

  /** Interned; 0 when there is none. */
  nodeId(index: number): number {
    const node = readNumber(this.bytes, nodes, index);
    return node === 0 ? readNumber(this.bytes, facts, homeFact) : node - 1;
  }

  /** Milliseconds since 1970; NaN when not recorded. */
  since(index: number): number {
    const time = readNumber(this.bytes, times, index);
    return time === 0 ? Number.NaN : time - 1 + readNumber(this.bytes, earliest, 0) - epoch;
  }

  /** Of the owner; null for tunnels, whose owner is their node. */
  name(index: number): string | null {
    return this.text(names, this.nameEnd(index - 1), this.nameEnd(index));
  }

  /** Whether any of its names may have the bytes in it; false is certain. `word`: UTF-8, one byte a character. */
  mayName(word: string): boolean {
    const start = startOf(this.bytes, names);
    const at = this.bytes.indexOf(word, start);
    return at >= 0 && at < start + this.nameEnd(this.allocationCount - 1);
  }

  /** Whether the name has the bytes in it. */
  nameHas(index: number, word: string): boolean {
    const start = startOf(this.bytes, names);
    return this.bytes.slice(start + this.nameEnd(index - 1), start + this.nameEnd(index)).includes(word);
  }

  /** Writes the UTF-8 of the name from `at` on, as much as there is room for, and returns how many bytes it has. */
  writeName(index: number, into: Uint8Array, at: number): number {
    const start = this.nameEnd(index - 1);
    const length = this.nameEnd(index) - start;
    const from = startOf(this.bytes, names) + start;
    for (let byte = 0; byte < length; byte++) into[at + byte] = this.bytes.charCodeAt(from + byte);
    return length;
  }

  allocation(index: number): Allocation {
    const kind = this.kind(index);
    const since = this.since(index);
    const node = this.interner.text(this.nodeId(index));
    return {
      kind,
      owner: this.owner(index, kind, node),
      node,
      since: Number.isNaN(since) ? null : new Date(since).toISOString(),
      handle: this.handle(index),
      tunnel: tunnelOf(readNumber(this.bytes, traits, index)),
    };
  }

  queue(): number[] {
    return Array.from({ length: this.queueLength }, (_, at) => readNumber(this.bytes, queue, at));
  }

  /** Bytes that it takes, and how many of them are handles. */
  get weight(): { readonly bytes: number; readonly handles: number } {
    return { bytes: this.bytes.length, handles: this.handleEnd(this.allocationCount - 1) };
  }

  private owner(index: number, kind: AllocationKind | null, node: string | null): Allocation["owner"] {
    if (kind === "tunnel") return node === null ? null : { kind: "node", namespace: null, name: node };
    const name = this.name(index);
    const ownerKind = kind === null ? undefined : ownerKinds[kind];
    if (name === null || ownerKind === undefined) return null;
    return { kind: ownerKind, namespace: this.interner.text(this.namespaceId(index)), name };
  }

  private handle(index: number): string | null {
    const end = this.handleEnd(index);
    const start = this.handleEnd(index - 1);
    if (end === start) return null;
    if ((readNumber(this.bytes, traits, index) & packedTrait) === 0) return this.text(handles, start, end);
    const other = readNumber(this.bytes, handleStarts, index);
    const id = other === 0 ? readNumber(this.bytes, facts, startFact) : other - 1;
    const at = startOf(this.bytes, handles);
    const digits = Buffer.from(this.bytes.slice(at + start, at + end), "latin1").toString("hex");
    return (this.interner.text(id) ?? "") + digits;
  }

  private nameEnd(index: number): number {
    return index < 0 ? 0 : readNumber(this.bytes, nameEnds, index);
  }

  private handleEnd(index: number): number {
    if (index < 0) return 0;
    const end = readNumber(this.bytes, handleEnds, index);
    return end === 0 ? (index + 1) * packedHandleBytes : end - 1;
  }

  private text(column: number, start: number, end: number): string | null {
    if (start === end) return null;
    const at = startOf(this.bytes, column);
    const text = this.bytes.slice(at + start, at + end);
    const isPlain = readNumber(this.bytes, facts, plainFact) === 1;
    return isPlain ? text : Buffer.from(text, "latin1").toString("utf8");
  }
}

function tunnelOf(trait: number): TunnelType | null {
  return tunnelTypes[((trait >> 3) & 7) - 1] ?? null;
}

function roomFor(count: number) {
  const column = () => new Float64Array(count);
  return {
    slots: column(),
    traits: column(),
    namespaces: column(),
    nodes: column(),
    times: column(),
    nameEnds: column(),
    handleEnds: column(),
    handleStarts: column(),
  };
}

function pack(
  { slots: holders, queue: queued, allocations, home = null }: BlockContent,
  interner: Interner,
): string {
  const count = allocations.length;
  if (room.traits.length < Math.max(count, holders.length))
    room = roomFor(2 * Math.max(count, holders.length));
  writer.begin(columnCount);
  const counts = new Float64Array(factCount);
  counts[homeFact] = interner.id(home);
  counts[sizeFact] = holders.length;
  counts[queueFact] = queued.length;
  counts[allocationFact] = count;

  packOwners(allocations, home, interner);
  counts[startFact] = packHandles(allocations, interner);
  counts[plainFact] = writer.isPlain ? 1 : 0;
  packTimes(allocations);
  for (let ordinal = 0; ordinal < holders.length; ordinal++) {
    const index = holders[ordinal] ?? -1;
    room.slots[ordinal] = index + 1;
    if (index < 0) continue;
    const kind = kindFacts + ((room.traits[index] ?? 0) & 7);
    counts[kind] = (counts[kind] ?? 0) + 1;
    if ((room.nodes[index] ?? 0) > 1) counts[lentFact] = (counts[lentFact] ?? 0) + 1;
  }

  writer.numbers(slots, room.slots, holders.length);
  writer.numbers(queue, queued, queued.length);
  writer.numbers(facts, counts, factCount);
  return writer.finish();
}

/** Names, and what is interned of them. */
function packOwners(allocations: readonly Allocation[], home: string | null, interner: Interner): void {
  const { length } = allocations;
  writer.texts(names);
  let end = 0;
  for (let index = 0; index < length; index++) {
    const one = allocations[index];
    if (!one) continue;
    const { kind, owner, node, tunnel } = one;
    if (kind !== "tunnel" && owner) end += writer.text(owner.name);
    room.nameEnds[index] = end;
    room.traits[index] = kinds.indexOf(kind) + 8 * (tunnel === null ? 0 : tunnelTypes.indexOf(tunnel) + 1);
    room.namespaces[index] = interner.id(owner?.namespace ?? null);
    room.nodes[index] = node === home ? 0 : interner.id(node) + 1;
  }
  writer.numbers(nameEnds, room.nameEnds, length);
  writer.numbers(namespaces, room.namespaces, length);
  writer.numbers(nodes, room.nodes, length);
}

/** Returns the interned start that the first packed one has. Adds to the traits, and writes them. */
function packHandles(allocations: readonly Allocation[], interner: Interner): number {
  const { length } = allocations;
  writer.texts(handles);
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
  writer.numbers(traits, room.traits, length);
  writer.numbers(handleEnds, room.handleEnds, isUniform ? 0 : length);
  writer.numbers(handleStarts, room.handleStarts, length);
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
  writer.numbers(times, room.times, length);
  writer.numbers(earliest, [Number.isFinite(least) ? least + epoch : 0], 1);
}

function millisecondsOf(time: string): number {
  return time[10] === "T" ? Date.parse(time) : goMilliseconds(time);
}
