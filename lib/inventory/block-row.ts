import { parseBlock } from "../calico/parse-block.ts";
import type { RawRecord } from "../calico/reading.ts";
import { describeAttribute } from "../ipam/attribute-kind.ts";
import type { Owner } from "../ipam/block.ts";
import { type BlockCounts, countBlock } from "../ipam/block-count.ts";
import { reservedOrdinals } from "../ipam/block-ops.ts";
import { type Cidr, formatCidr } from "../ipam/cidr.ts";
import { type CidrSet, emptyCidrSet } from "../ipam/cidr-set.ts";
import type { Interner } from "./interner.ts";
import { PackedBlock } from "./packed-block.ts";
import { identity } from "./raw.ts";
import type { Row } from "./table.ts";
import { unreadable, type UnreadableRow } from "./unreadable.ts";

/** What we keep of a block. `counts` and `pool` depend on reservations and pools: when those change, so does the row. */
export interface BlockRow extends Row {
  readonly cidr: Cidr;
  /** Canonical. */
  readonly text: string;
  readonly owner: Owner | null;
  readonly claimedAt: string | null;
  readonly oddities: readonly string[];
  readonly content: PackedBlock;
  readonly counts: BlockCounts;
  /** The first pool by name that overlaps it; null: none does. */
  readonly pool: string | null;
}

/** Null for a block that is being deleted: to Calico it is gone. */
export function blockRow(raw: RawRecord, interner: Interner): BlockRow | UnreadableRow | null {
  const known = identity(raw);
  if (!known) return null;
  const { value: block, oddities } = parseBlock(raw, { sequences: false });
  if (!block) return unreadable(known, oddities);
  if (block.deleted) return null;
  const allocations = block.attributes.map(describeAttribute);
  const content = new PackedBlock({ slots: block.allocations, queue: block.queue, allocations }, interner);
  return {
    ...known,
    namespace: "",
    cidr: block.cidr,
    text: formatCidr(block.cidr),
    owner: block.affinity && { type: block.affinity.type, name: interner.share(block.affinity.name) },
    claimedAt: block.claimedAt,
    oddities,
    content,
    counts: countBlock(block, emptyCidrSet, allocations),
    pool: null,
    gone: false,
  };
}

/** The same block's counts under other reservations. */
export function recount({ cidr, content, counts }: BlockRow, reservations: CidrSet): BlockCounts {
  const isReserved = reservedOrdinals(cidr, reservations);
  const queued = counts.capacity - counts.inUse;
  if (!isReserved) return { ...counts, reserved: 0, reservedInUse: 0, free: queued };
  const reservedFree = content.queue().filter(isReserved).length;
  let reserved = 0;
  for (let ordinal = 0; ordinal < content.size; ordinal++) if (isReserved(ordinal)) reserved += 1;
  return { ...counts, reserved, reservedInUse: reserved - reservedFree, free: queued - reservedFree };
}
