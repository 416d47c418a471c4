import { Flights } from "./flights.ts";
import { merged, type PodField, podOrder, podSort } from "./pod-order.ts";
import type { PodTable } from "./pod-table.ts";
import { Recent } from "./recent.ts";
import { Slices } from "./slices.ts";
import { sorted } from "./sort-thread.ts";

/** Which pods, in which order. */
export interface PodQuestion {
  readonly field: PodField;
  /** Null: all of them. */
  readonly filter: PodFilter | null;
}

export interface PodFilter {
  /** Names what is asked; equal names ask the same. */
  readonly key: string;
  /** By slot. */
  readonly isIn: (slot: number) => boolean;
  /**
   * Of whatever `isIn` looks at besides the pods, as the filter was made: an answer of a lower one does not do. 0: it looks at
   * nothing else. Either way an answer is kept current pod by pod.
   */
  readonly revision: number;
}

interface View {
  rows: Uint32Array;
  /** Position in the table's journal up to which `rows` knows it. */
  seen: number;
  readonly revision: number;
}

/** Answers that are kept. Each is four bytes a pod of it. */
const mostViews = 16;
/** With more changed pods than this everything is done anew, aside: putting them in one by one would take as long as a slice. */
const mostChanges = 4_000;

/**
 * Orders and selections of the pods, made once, aside or in slices so that nobody is held up who did not ask, and from then on
 * kept current by what changes. Equal questions that are asked at one time are worked on once.
 */
export class PodLists {
  private readonly table: PodTable;
  private readonly views = new Recent<View>(mostViews);
  private readonly flights = new Flights<void>();

  constructor(table: PodTable) {
    this.table = table;
  }

  /**
   * Hands the slots of the answer, in ascending order, to `use`, at a time when they are right; they are not to be changed, and
   * right until `use` returns. Rejects with the signal's reason when that is aborted; the work stops when nobody waits for it.
   */
  async ask<Result>(
    question: PodQuestion,
    signal: AbortSignal | null,
    use: (slots: Uint32Array) => Result,
  ): Promise<Result> {
    const key = keyOf(question.field, question.filter);
    for (let isMade = false; ; isMade = true) {
      signal?.throwIfAborted();
      const slots = this.current(key, question, isMade);
      if (slots) return use(slots);
      await this.flights.share(key, signal, (isGivenUp) => this.make(key, question, isGivenUp));
    }
  }

  /** Null: it has to be made first. `atAnyCost`: it just was, and is not made again whatever has changed meanwhile. */
  private current(key: string, { field, filter }: PodQuestion, atAnyCost: boolean): Uint32Array | null {
    const view = this.views.get(key);
    if (!view || view.revision < (filter?.revision ?? 0)) return null;
    const changed = this.table.changedSince(view.seen);
    if (!changed || (changed.length > mostChanges && !atAnyCost)) return null;
    if (changed.length === 0) return view.rows;
    const isIn = (slot: number) => this.table.isPresent(slot) && (filter === null || filter.isIn(slot));
    view.rows = merged(view.rows, changed, this.table.end, podOrder(this.table, field), isIn);
    view.seen = this.table.position;
    return view.rows;
  }

  private async make(key: string, { field, filter }: PodQuestion, isGivenUp: () => boolean): Promise<void> {
    const view = filter === null ? await this.sort(field) : await this.select(field, filter, isGivenUp);
    if (view) this.views.set(key, view);
  }

  private async sort(field: PodField): Promise<View> {
    if (field === "namespace") return this.sortFrom(field, () => presentIn(this.table));
    // In the pods' own order already, rows that are equal stay as they are: no names are compared.
    return this.ask({ field: "namespace", filter: null }, null, (slots) => this.sortFrom(field, () => slots));
  }

  private async sortFrom(field: PodField, slots: () => Uint32Array): Promise<View> {
    const seen = this.table.follow();
    const rows = await sorted(() => podSort(this.table, field, slots()));
    return { rows, seen, revision: 0 };
  }

  /** Null: given up. */
  private async select(field: PodField, filter: PodFilter, isGivenUp: () => boolean): Promise<View | null> {
    const { table } = this;
    const start = await this.ask({ field, filter: null }, null, (all) => ({ all, seen: table.follow() }));
    // What changes during a pause is in the journal, and looked at again.
    const slices = new Slices();
    const found = new Uint32Array(start.all.length);
    let count = 0;
    for (let at = 0; at < start.all.length; at++) {
      const slot = start.all[at] ?? 0;
      if (filter.isIn(slot)) found[count++] = slot;
      if ((at & 1023) === 1023 && slices.isOver) {
        await slices.next();
        if (isGivenUp()) return null;
      }
    }
    return { rows: found.slice(0, count), seen: start.seen, revision: filter.revision };
  }
}

function keyOf(field: PodField, filter: PodFilter | null): string {
  return filter === null ? field : `${field} ${filter.key}`;
}

function presentIn(table: PodTable): Uint32Array {
  const slots = new Uint32Array(table.size);
  let count = 0;
  for (let slot = 0; slot < table.end; slot++) if (table.isPresent(slot)) slots[count++] = slot;
  return slots;
}
