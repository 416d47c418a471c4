import { parseBlock } from "../calico/parse-block.ts";
import type { RawRecord } from "../calico/reading.ts";
import { describeAttribute } from "../ipam/attribute-kind.ts";
import type { Owner } from "../ipam/block.ts";
import type { BlockCounts } from "../ipam/block-count.ts";
import { type Cidr, formatCidr } from "../ipam/cidr.ts";
import { BlockTotals } from "./block-totals.ts";
import type { Interner } from "./interner.ts";
import { PackedBlock } from "./packed-block.ts";
import { identity } from "./raw.ts";
import type { Row } from "./table.ts";
import { unreadable, type UnreadableRow } from "./unreadable.ts";

/** What an IPAMBlock says by itself. */
type BlockParts = Pick<
  BlockRow,
  "name" | "uid" | "revision" | "cidr" | "owner" | "claimedAt" | "oddities" | "content"
>;

/**
 * What we keep of a block. `counts` and `pool` depend on reservations and pools: when those change, so does the row.
 * A class, because fields that a spread has put together lie in a second object.
 */
export class BlockRow implements Row {
  readonly namespace = "";
  readonly name: string;
  readonly uid: string;
  readonly revision: string;
  readonly cidr: Cidr;
  readonly owner: Owner | null;
  readonly claimedAt: string | null;
  readonly oddities: readonly string[];
  readonly content: PackedBlock;
  readonly counts: BlockCounts;
  /** The first pool by name that overlaps it; null: none does. */
  readonly pool: string | null;
  gone = false;

  constructor(parts: BlockParts, pool: string | null, counts: BlockCounts) {
    this.name = parts.name;
    this.uid = parts.uid;
    this.revision = parts.revision;
    this.cidr = parts.cidr;
    this.owner = parts.owner;
    this.claimedAt = parts.claimedAt;
    this.oddities = parts.oddities;
    this.content = parts.content;
    this.counts = counts;
    this.pool = pool;
  }

  /** Its CIDR, canonical. */
  get text(): string {
    return formatCidr(this.cidr);
  }
}

/** Nearly every block has none of them: that takes no array each. */
const none: readonly string[] = Object.freeze([]);

/** Null for a block that is being deleted: to Calico it is gone. */
export function blockRow(raw: RawRecord, interner: Interner): BlockRow | UnreadableRow | null {
  const known = identity(raw);
  if (!known) return null;
  const { value: block, oddities } = parseBlock(raw, { sequences: false });
  if (!block) return unreadable(known, oddities);
  if (block.deleted) return null;
  const allocations = block.attributes.map((entry) => describeAttribute(entry, asWritten));
  const content = new PackedBlock(
    { slots: block.allocations, queue: block.queue, allocations, home: block.affinity?.name ?? null },
    interner,
  );
  const parts = {
    name: known.name,
    uid: known.uid,
    revision: known.revision,
    cidr: block.cidr,
    owner: block.affinity && { type: block.affinity.type, name: interner.share(block.affinity.name) },
    claimedAt: block.claimedAt,
    oddities: oddities.length === 0 ? none : oddities,
    content,
  };
  return new BlockRow(parts, null, new BlockTotals(content, 0, 0));
}

/** A time is packed as a number: as a text of another form it would be made for nothing. */
function asWritten(time: string): string {
  return time;
}
