import {
  type Allocation,
  type AllocationKind,
  type TunnelType,
  tunnelTypes,
} from "../ipam/attribute-kind.ts";
import type { Interner } from "./interner.ts";

/** What a block holds, address by address. */
export interface BlockContent {
  /** Ordinal → index into `allocations`, or null when free. */
  readonly slots: readonly (number | null)[];
  /** Free ordinals in the order in which they are handed out. */
  readonly queue: readonly number[];
  readonly allocations: readonly Allocation[];
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
const ownerKinds: Readonly<Partial<Record<AllocationKind, string>>> = {
  pod: "pod",
  vm: "vm",
  loadBalancer: "service",
};

const recordSize = 28;
/** Names of objects are far shorter; whatever a block claims beyond this is cut. */
const longestName = 0xffff;

let scratch = Buffer.alloc(64 * 1024);

/**
 * The addresses of one block in one buffer, about 100 bytes each where parsed objects take 540. First a u16 a slot (index
 * of its allocation + 1, 0 is free), then a u16 a queued ordinal, then the fixed records, then their texts:
 *
 *   u8 kind · u8 tunnel type + 1, or 128 + it when the handle is packed · u16 bytes of the name · u32 namespace ·
 *   u32 node · u32 start of the handle · u32 offset of the texts (name, then handle) · f64 since
 *
 * Namespaces, nodes and what stands before a sandbox id in a handle are interned; the 64 hexadecimal digits of the
 * sandbox id are packed into 32 bytes. Loops over every address of a cluster read the numbers and never make a text.
 */
export class PackedBlock {
  readonly size: number;
  readonly allocationCount: number;
  private readonly queueLength: number;
  private readonly view: DataView<ArrayBuffer>;
  private readonly interner: Interner;

  constructor(content: BlockContent, interner: Interner) {
    this.size = content.slots.length;
    this.queueLength = content.queue.length;
    this.allocationCount = content.allocations.length;
    this.interner = interner;
    this.view = pack(content, interner);
  }

  /** Index of the allocation that holds the ordinal; -1 when it is free. */
  slot(ordinal: number): number {
    return this.view.getUint16(ordinal * 2, true) - 1;
  }

  /** Null: it cools. */
  kind(index: number): AllocationKind | null {
    return kinds[this.view.getUint8(this.recordAt(index))] ?? null;
  }

  /** Interned; 0 when there is none. */
  namespaceId(index: number): number {
    return this.view.getUint32(this.recordAt(index) + 4, true);
  }

  /** Interned; 0 when there is none. */
  nodeId(index: number): number {
    return this.view.getUint32(this.recordAt(index) + 8, true);
  }

  /** Milliseconds since 1970; NaN when not recorded. */
  since(index: number): number {
    return this.view.getFloat64(this.recordAt(index) + 20, true);
  }

  /** Of the owner; null for tunnels, whose owner is their node. */
  name(index: number): string | null {
    const at = this.recordAt(index);
    const length = this.view.getUint16(at + 2, true);
    return length === 0 ? null : this.texts(this.view.getUint32(at + 16, true), length).toString("utf8");
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
      tunnel: this.tunnel(index),
    };
  }

  queue(): number[] {
    return Array.from({ length: this.queueLength }, (_, at) =>
      this.view.getUint16((this.size + at) * 2, true),
    );
  }

  private owner(index: number, kind: AllocationKind | null, node: string | null): Allocation["owner"] {
    if (kind === "tunnel") return node === null ? null : { kind: "node", namespace: null, name: node };
    const name = this.name(index);
    const ownerKind = kind === null ? undefined : ownerKinds[kind];
    if (name === null || ownerKind === undefined) return null;
    return { kind: ownerKind, namespace: this.interner.text(this.namespaceId(index)), name };
  }

  private tunnel(index: number): TunnelType | null {
    return tunnelTypes[(this.view.getUint8(this.recordAt(index) + 1) & 127) - 1] ?? null;
  }

  private handle(index: number): string | null {
    const at = this.recordAt(index);
    const start = this.view.getUint32(at + 16, true) + this.view.getUint16(at + 2, true);
    const next =
      index + 1 < this.allocationCount ? this.view.getUint32(at + recordSize + 16, true) : this.textLength();
    if (next === start) return null;
    const bytes = this.texts(start, next - start);
    if (this.view.getUint8(at + 1) < 128) return bytes.toString("utf8");
    return (this.interner.text(this.view.getUint32(at + 12, true)) ?? "") + bytes.toString("hex");
  }

  private recordAt(index: number): number {
    return (this.size + this.queueLength) * 2 + index * recordSize;
  }

  private textLength(): number {
    return this.view.byteLength - this.recordAt(this.allocationCount);
  }

  private texts(offset: number, length: number): Buffer {
    return Buffer.from(this.view.buffer, this.recordAt(this.allocationCount) + offset, length);
  }
}

function pack({ slots, queue, allocations }: BlockContent, interner: Interner): DataView<ArrayBuffer> {
  const recordsAt = (slots.length + queue.length) * 2;
  const textsAt = recordsAt + allocations.length * recordSize;
  const longest = allocations.reduce(
    (sum, one) => sum + ((one.owner?.name.length ?? 0) + (one.handle?.length ?? 0)) * 3,
    textsAt,
  );
  if (scratch.length < longest) scratch = Buffer.alloc(longest);
  const view = new DataView(scratch.buffer, scratch.byteOffset, scratch.length);

  let at = 0;
  for (const slot of slots) {
    view.setUint16(at, slot === null ? 0 : slot + 1, true);
    at += 2;
  }
  for (const ordinal of queue) {
    view.setUint16(at, ordinal, true);
    at += 2;
  }
  let textAt = textsAt;
  for (const one of allocations) {
    const name = one.kind === "tunnel" ? "" : (one.owner?.name ?? "");
    const nameLength = Math.min(scratch.write(name, textAt, "utf8"), longestName);
    const handle = splitHandle(one.handle);
    const tunnel = one.tunnel === null ? 0 : tunnelTypes.indexOf(one.tunnel) + 1;
    view.setUint8(at, kinds.indexOf(one.kind));
    view.setUint8(at + 1, handle.packed ? tunnel + 128 : tunnel);
    view.setUint16(at + 2, nameLength, true);
    view.setUint32(at + 4, interner.id(one.owner?.namespace ?? null), true);
    view.setUint32(at + 8, interner.id(one.node), true);
    view.setUint32(at + 12, interner.id(handle.start), true);
    view.setUint32(at + 16, textAt - textsAt, true);
    view.setFloat64(at + 20, one.since === null ? Number.NaN : Date.parse(one.since), true);
    textAt += nameLength;
    textAt += scratch.write(handle.rest, textAt, handle.packed ? "hex" : "utf8");
    at += recordSize;
  }
  const exact = new Uint8Array(textAt);
  exact.set(scratch.subarray(0, textAt));
  return new DataView(exact.buffer);
}

/** `k8s-pod-network.<64 hex>` in two; anything else is all rest. */
function splitHandle(handle: string | null): { start: string | null; rest: string; packed: boolean } {
  if (handle === null) return { start: null, rest: "", packed: false };
  const dot = handle.length - 64;
  if (dot <= 0 || handle[dot - 1] !== "." || !isHex(handle, dot))
    return { start: null, rest: handle, packed: false };
  return { start: handle.slice(0, dot), rest: handle.slice(dot), packed: true };
}

/** Only lower-case digits from there on: nothing else comes back as it was from its bytes. */
function isHex(text: string, from: number): boolean {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 102 || (code > 57 && code < 97)) return false;
  }
  return true;
}
