import type { AddressQuery } from "../../contract/addresses.ts";
import type { BlockRow } from "../../inventory/block-row.ts";
import { Flights } from "../../inventory/flights.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { Slices } from "../../inventory/slices.ts";
import { Recent } from "../../inventory/recent.ts";
import { type AddressFilter, addressFilter } from "./address-filter.ts";
import { mergedOrder } from "./address-merge.ts";
import { type AddressField, addressOrder } from "./address-order.ts";
import { AddressRows, isGap, rowStartsOf, type Starts, type Stretch } from "./address-rows.ts";
import { type GapSegment, segmentsOf } from "./address-segments.ts";
import { BlockStates } from "./block-addresses.ts";

/** Which addresses, in which order. */
interface AddressQuestion {
  readonly query: Omit<AddressQuery, "limit" | "offset" | "sort">;
  readonly field: AddressField;
  readonly descending: boolean;
}

interface Answer {
  readonly rows: AddressRows;
  /** Of the address space when the work on it began. */
  readonly revision: number;
}

/** What a filter left of blocks that have not changed since. */
type Left = WeakMap<BlockRow, Starts>;

/** Answers that are kept, the one that was not asked for longest goes: some 5 bytes a row each. */
const mostAnswers = 12;

/**
 * Which rows the table of addresses has, for each question: found in slices, sorted aside, worked on once for all who ask the
 * same, and kept until a block, a pool or a reservation changes. Then a filter looks only at the blocks that changed.
 */
class AddressLists {
  private readonly inventory: Inventory;
  private readonly answers = new Recent<Answer>(mostAnswers);
  private readonly left = new Recent<Left>(mostAnswers);
  private readonly flights = new Flights<Answer | null>();

  constructor(inventory: Inventory) {
    this.inventory = inventory;
  }

  /** Rejects with the signal's reason when that is aborted; the work stops when nobody waits for it. */
  async ask(question: AddressQuestion, signal: AbortSignal | null): Promise<AddressRows> {
    const { space } = this.inventory;
    const key = JSON.stringify(question);
    const revision = space.contentRevision;
    for (;;) {
      const known = this.answers.get(key);
      // What has changed since it was asked need not be in it: whoever asked will be told, and ask again.
      if (known && known.revision >= revision) return known.rows;
      await this.flights.share(key, signal, async (isGivenUp) => {
        const answer = await this.make(question, isGivenUp);
        if (answer) this.answers.set(key, answer);
        return answer;
      });
    }
  }

  /** Null: given up. */
  private async make(question: AddressQuestion, isGivenUp: () => boolean): Promise<Answer | null> {
    const { inventory } = this;
    const revision = inventory.space.contentRevision;
    const before = this.answers.get(JSON.stringify(question));
    const rows = await this.find(question.query, isGivenUp);
    if (!rows || question.field === "ip")
      return rows && { rows: question.descending ? rows.backwards() : rows, revision };
    const order =
      (before && mergedOrder(inventory, before.rows, rows, question)) ??
      (await addressOrder(inventory, rows, question, isGivenUp));
    return order && { rows: rows.inOrder(order), revision };
  }

  private async find(query: AddressQuestion["query"], isGivenUp: () => boolean): Promise<AddressRows | null> {
    const { inventory } = this;
    const filter = addressFilter(inventory, query);
    const left = filter ? this.leftBy(query) : null;
    const stretches: Stretch[] = [];
    const slices = new Slices();
    for (const segment of scopeOf(inventory, query)) {
      const starts = isGap(segment)
        ? !filter || filter.ofGap(segment)
          ? wholeGap
          : ""
        : startsLeft(inventory, segment, filter, left);
      if (starts.length > 0) stretches.push({ segment, starts });
      if (!slices.isOver) continue;
      await slices.next();
      if (isGivenUp()) return null;
    }
    return new AddressRows(stretches);
  }

  private leftBy({ pool: _pool, block: _block, ...filters }: AddressQuestion["query"]): Left {
    const key = JSON.stringify(filters);
    const known = this.left.get(key) ?? new WeakMap<BlockRow, Starts>();
    this.left.set(key, known);
    return known;
  }
}

const wholeGap = "\0";

function startsLeft(
  inventory: Inventory,
  block: BlockRow,
  filter: AddressFilter | null,
  left: Left | null,
): Starts {
  const known = left?.get(block);
  if (known !== undefined) return known;
  const all = rowStartsOf(inventory, block);
  if (!filter) return all;
  const isIn = filter.ofBlock(block, new BlockStates(inventory, block));
  let starts = "";
  for (let at = 0; at < all.length; at++) if (isIn(all.charCodeAt(at))) starts += all[at];
  left?.set(block, starts);
  return starts;
}

/** The segments that the query's `pool` and `block` leave, blocks as they are now. */
function scopeOf(
  inventory: Inventory,
  { pool, block }: AddressQuestion["query"],
): readonly (BlockRow | GapSegment)[] {
  const { blocks } = inventory.space;
  if (block !== undefined) {
    const row = blocks.get("", block);
    return row && (pool === undefined || row.pool === pool) ? [row] : [];
  }
  return segmentsOf(inventory, pool ?? null).flatMap((segment) =>
    segment.kind === "gap" ? segment : (blocks.get("", segment.name) ?? []),
  );
}

const lists = new WeakMap<Inventory, AddressLists>();

/** Those of this inventory. */
export function addressLists(inventory: Inventory): AddressLists {
  let known = lists.get(inventory);
  if (!known) lists.set(inventory, (known = new AddressLists(inventory)));
  return known;
}
