import type { AddressKind } from "../ipam/attribute-kind.ts";
import type { Interner } from "./interner.ts";

/** Who holds an address, as the block's attribute table says. */
export interface Allocation {
  readonly kind: AddressKind;
  /** The attribute's own `type` (`vxlanTunnelAddress`, …); null when it has none. */
  readonly type: string | null;
  readonly namespace: string | null;
  /** Of the pod, VM or Service; null for tunnels and unknown owners. */
  readonly name: string | null;
  readonly node: string | null;
  /** Milliseconds since 1970; null when not recorded. */
  readonly since: number | null;
  readonly handle: string | null;
  /** Released and not free yet. */
  readonly cooling: boolean;
}

/** What a block holds, address by address. */
export interface BlockContent {
  /** Ordinal → index into `allocations`, or null when free. */
  readonly slots: readonly (number | null)[];
  /** Free ordinals in the order in which they are handed out. */
  readonly queue: readonly number[];
  readonly allocations: readonly Allocation[];
}

const kinds: readonly AddressKind[] = ["pod", "tunnel", "loadBalancer", "vm", "windows", "other"];

const recordSize = 32;
const coolingFlag = 1;
const hexHandleFlag = 2;
const longestName = 0xffff;

let scratch = Buffer.alloc(64 * 1024);

/**
 * The addresses of one block in one buffer, about 100 bytes each where parsed objects take 540. First a u16 a slot (index
 * of its allocation + 1, 0 is free), then a u16 a queued ordinal, then the fixed records, then their texts:
 *
 *   u8 kind · u8 flags · u16 bytes of the name · u32 namespace · u32 node · u32 type · u32 start of the handle ·
 *   u32 offset of the texts (name, then handle) · f64 since
 *
 * Namespaces, nodes, types and what stands before a sandbox id in a handle are interned; the 64 hexadecimal digits of
 * the sandbox id take 32 bytes. Loops over every address of a cluster read the numbers and never make a text.
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

  kind(index: number): AddressKind {
    return kinds[this.view.getUint8(this.recordAt(index))] ?? "other";
  }

  isCooling(index: number): boolean {
    return (this.view.getUint8(this.recordAt(index) + 1) & coolingFlag) !== 0;
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
    return this.view.getFloat64(this.recordAt(index) + 24, true);
  }

  name(index: number): string | null {
    const at = this.recordAt(index);
    const length = this.view.getUint16(at + 2, true);
    return length === 0 ? null : this.texts(this.view.getUint32(at + 20, true), length).toString("utf8");
  }

  allocation(index: number): Allocation {
    const at = this.recordAt(index);
    const since = this.since(index);
    return {
      kind: this.kind(index),
      type: this.interner.text(this.view.getUint32(at + 12, true)),
      namespace: this.interner.text(this.namespaceId(index)),
      name: this.name(index),
      node: this.interner.text(this.nodeId(index)),
      since: Number.isNaN(since) ? null : since,
      handle: this.handle(index),
      cooling: this.isCooling(index),
    };
  }

  queue(): number[] {
    return Array.from({ length: this.queueLength }, (_, at) =>
      this.view.getUint16((this.size + at) * 2, true),
    );
  }

  private handle(index: number): string | null {
    const at = this.recordAt(index);
    const start = this.view.getUint32(at + 20, true) + this.view.getUint16(at + 2, true);
    const next =
      index + 1 < this.allocationCount ? this.view.getUint32(at + recordSize + 20, true) : this.textLength();
    if (next === start) return null;
    const bytes = this.texts(start, next - start);
    if ((this.view.getUint8(at + 1) & hexHandleFlag) === 0) return bytes.toString("utf8");
    return (this.interner.text(this.view.getUint32(at + 16, true)) ?? "") + bytes.toString("hex");
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
    (sum, one) => sum + ((one.name?.length ?? 0) + (one.handle?.length ?? 0)) * 3,
    textsAt,
  );
  if (scratch.length < longest) scratch = Buffer.alloc(longest);
  const view = new DataView(scratch.buffer, scratch.byteOffset, scratch.length);

  slots.forEach((slot, ordinal) => view.setUint16(ordinal * 2, slot === null ? 0 : slot + 1, true));
  queue.forEach((ordinal, at) => view.setUint16((slots.length + at) * 2, ordinal, true));

  let textAt = textsAt;
  let at = recordsAt;
  for (const one of allocations) {
    const nameLength = one.name === null ? 0 : Math.min(scratch.write(one.name, textAt, "utf8"), longestName);
    const handle = splitHandle(one.handle);
    view.setUint8(at, kinds.indexOf(one.kind));
    view.setUint8(at + 1, (one.cooling ? coolingFlag : 0) | (handle.hex === null ? 0 : hexHandleFlag));
    view.setUint16(at + 2, nameLength, true);
    view.setUint32(at + 4, interner.id(one.namespace), true);
    view.setUint32(at + 8, interner.id(one.node), true);
    view.setUint32(at + 12, interner.id(one.type), true);
    view.setUint32(at + 16, interner.id(handle.start), true);
    view.setUint32(at + 20, textAt - textsAt, true);
    view.setFloat64(at + 24, one.since ?? Number.NaN, true);
    textAt += nameLength;
    textAt +=
      handle.hex === null
        ? scratch.write(handle.text, textAt, "utf8")
        : scratch.write(handle.hex, textAt, "hex");
    at += recordSize;
  }
  const exact = new Uint8Array(textAt);
  exact.set(scratch.subarray(0, textAt));
  return new DataView(exact.buffer);
}

const sandboxId = /^(.*\.)([0-9a-f]{64})$/s;

/** `k8s-pod-network.<64 hex>` in two, anything else as it is. */
function splitHandle(handle: string | null): { start: string | null; hex: string | null; text: string } {
  const parts = handle === null ? null : sandboxId.exec(handle);
  return parts
    ? { start: parts[1] ?? "", hex: parts[2] ?? "", text: "" }
    : { start: null, hex: null, text: handle ?? "" };
}
