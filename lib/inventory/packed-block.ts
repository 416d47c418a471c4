import {
  type Allocation,
  type AllocationKind,
  type TunnelType,
  tunnelTypes,
} from "../ipam/attribute-kind.ts";
import type { BlockCounts } from "../ipam/block-count.ts";
import { readNumber, startOf } from "./block-columns.ts";
import {
  allocationKinds,
  column,
  epoch,
  fact,
  packedHandleBytes,
  packedTrait,
  tunnelKind,
} from "./block-layout.ts";
import { type BlockContent, packBlock } from "./block-pack.ts";
import type { Interner } from "./interner.ts";

const ownerKinds: Readonly<Partial<Record<AllocationKind, string>>> = {
  pod: "pod",
  vm: "vm",
  loadBalancer: "service",
};

/**
 * The addresses of one block in one string of bytes (`block-layout.ts`): 74 bytes each in a block of twenty, of which the handle
 * is 32 and the name 24; parsed objects take 540. Namespaces, nodes and what stands before a sandbox id in a handle are
 * interned; the 64 hexadecimal digits of the sandbox id are packed. Loops over every address of a cluster read the numbers
 * and never make a text.
 */
export class PackedBlock {
  private readonly bytes: string;
  private readonly interner: Interner;

  constructor(content: BlockContent, interner: Interner) {
    this.interner = interner;
    this.bytes = packBlock(content, interner);
  }

  get size(): number {
    return readNumber(this.bytes, column.facts, fact.size);
  }

  get allocationCount(): number {
    return readNumber(this.bytes, column.facts, fact.allocations);
  }

  /** Entries of the queue; in odd data some are twice in it. */
  get queueLength(): number {
    return readNumber(this.bytes, column.facts, fact.queued);
  }

  /** Interned name of the owner; 0: it has none. */
  get homeId(): number {
    return readNumber(this.bytes, column.facts, fact.home);
  }

  /** Addresses, by what `BlockCounts` says of them. */
  get lent(): number {
    return readNumber(this.bytes, column.facts, fact.lent);
  }

  get cooling(): number {
    return readNumber(this.bytes, column.facts, fact.kinds);
  }

  byKind(): BlockCounts["byKind"] {
    const of = (kind: number) => readNumber(this.bytes, column.facts, fact.kinds + kind);
    const [pod, tunnel, loadBalancer, vm, windows] = [of(1), of(2), of(3), of(4), of(5)];
    const inUse = this.size - this.queueLength;
    // What lies neither in the queue nor in an entry is "other".
    const other = inUse - this.cooling - pod - tunnel - loadBalancer - vm - windows;
    return { pod, tunnel, loadBalancer, vm, windows, other };
  }

  /** Index of the allocation that holds the ordinal; -1 when it is free. */
  slot(ordinal: number): number {
    return readNumber(this.bytes, column.slots, ordinal) - 1;
  }

  /** Null: it cools. */
  kind(index: number): AllocationKind | null {
    return allocationKinds[readNumber(this.bytes, column.traits, index) & 7] ?? null;
  }

  isTunnel(index: number): boolean {
    return (readNumber(this.bytes, column.traits, index) & 7) === tunnelKind;
  }

  /** Interned; 0 when there is none. */
  namespaceId(index: number): number {
    return readNumber(this.bytes, column.namespaces, index);
  }

  /** Interned; 0 when there is none. */
  nodeId(index: number): number {
    const node = readNumber(this.bytes, column.nodes, index);
    return node === 0 ? readNumber(this.bytes, column.facts, fact.home) : node - 1;
  }

  /** Milliseconds since 1970; NaN when not recorded. */
  since(index: number): number {
    const time = readNumber(this.bytes, column.times, index);
    return time === 0 ? Number.NaN : time - 1 + readNumber(this.bytes, column.earliest, 0) - epoch;
  }

  /** Of the owner; null for tunnels, whose owner is their node. */
  name(index: number): string | null {
    return this.text(column.names, this.nameEnd(index - 1), this.nameEnd(index));
  }

  /** Whether any of its names may have the bytes in it; false is certain. `word`: UTF-8, one byte a character. */
  mayName(word: string): boolean {
    const start = startOf(this.bytes, column.names);
    const at = this.bytes.indexOf(word, start);
    return at >= 0 && at < start + this.nameEnd(this.allocationCount - 1);
  }

  /** Whether the name has the bytes in it. */
  nameHas(index: number, word: string): boolean {
    const start = startOf(this.bytes, column.names);
    return this.bytes.slice(start + this.nameEnd(index - 1), start + this.nameEnd(index)).includes(word);
  }

  /** Writes the UTF-8 of the name from `at` on, as much as there is room for, and returns how many bytes it has. */
  writeName(index: number, into: Uint8Array, at: number): number {
    const start = this.nameEnd(index - 1);
    const length = this.nameEnd(index) - start;
    const from = startOf(this.bytes, column.names) + start;
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
      tunnel: tunnelOf(readNumber(this.bytes, column.traits, index)),
    };
  }

  queue(): number[] {
    return Array.from({ length: this.queueLength }, (_, at) => readNumber(this.bytes, column.queue, at));
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
    if ((readNumber(this.bytes, column.traits, index) & packedTrait) === 0)
      return this.text(column.handles, start, end);
    const other = readNumber(this.bytes, column.handleStarts, index);
    const id = other === 0 ? readNumber(this.bytes, column.facts, fact.handleStart) : other - 1;
    const at = startOf(this.bytes, column.handles);
    const digits = Buffer.from(this.bytes.slice(at + start, at + end), "latin1").toString("hex");
    return (this.interner.text(id) ?? "") + digits;
  }

  private nameEnd(index: number): number {
    return index < 0 ? 0 : readNumber(this.bytes, column.nameEnds, index);
  }

  private handleEnd(index: number): number {
    if (index < 0) return 0;
    const end = readNumber(this.bytes, column.handleEnds, index);
    return end === 0 ? (index + 1) * packedHandleBytes : end - 1;
  }

  private text(of: number, start: number, end: number): string | null {
    if (start === end) return null;
    const at = startOf(this.bytes, of);
    const text = this.bytes.slice(at + start, at + end);
    const isPlain = readNumber(this.bytes, column.facts, fact.isPlain) === 1;
    return isPlain ? text : Buffer.from(text, "latin1").toString("utf8");
  }
}

function tunnelOf(trait: number): TunnelType | null {
  return tunnelTypes[((trait >> 3) & 7) - 1] ?? null;
}
