import type { List, Unknown } from "../../contract/common.ts";
import type { Compare } from "../../inventory/table.ts";
import { invalidParameter } from "./read-error.ts";

/** What every list understands; the schema of the route has checked the forms. */
export interface ListQuery {
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
  /** A field of the item, with a leading "-" for descending. */
  readonly sort?: string | undefined;
  /** Free text, in any case. */
  readonly q?: string | undefined;
}

const defaultLimit = 200;
const mostRows = 500;

/** An array will do; so will anything that can hand out a page of its rows without making them all. */
export interface Pageable<Row> {
  readonly length: number;
  slice(start: number, end: number): ArrayLike<Row>;
}

/** One page of rows that are filtered and sorted already. Only the rows of the page become items. */
export function pageOf<Row, Item>(
  rows: Pageable<Row>,
  query: ListQuery,
  toItem: (row: Row) => Item,
): List<Item> {
  const offset = query.offset ?? 0;
  const limit = Math.min(query.limit ?? defaultLimit, mostRows);
  const items = Array.from(rows.slice(offset, offset + limit), toItem);
  const next = offset + items.length;
  return { items, total: rows.length, ...(next < rows.length && items.length > 0 ? { next } : {}) };
}

/** The answer for a kind that cannot be read at all. */
export function unreadable<Item>(unknown: Unknown): List<Item> {
  return { items: null, total: null, unknown: [unknown] };
}

/** The field asked for, or the first of `fields`. Throws 422 for a field that cannot be sorted by. */
export function sortOf<Field extends string>(
  sort: string | undefined,
  fields: readonly Field[],
): { field: Field; descending: boolean } {
  const descending = sort?.startsWith("-") ?? false;
  const name = descending ? sort?.slice(1) : (sort ?? fields[0]);
  const field = fields.find((one) => one === name);
  if (field === undefined) throw invalidParameter("sort", `cannot sort by ${name}; try ${fields.join(", ")}`);
  return { field, descending };
}

/** The order asked for, or the list's own (the first of `orders`). Throws 422 for a field that cannot be sorted by. */
export function orderOf<Row>(
  sort: string | undefined,
  orders: ReadonlyMap<string, Compare<Row>>,
): { key: string; compare: Compare<Row> } {
  const { field, descending } = sortOf(sort, [...orders.keys()]);
  const ascending = orders.get(field) ?? (() => 0);
  return {
    key: descending ? `-${field}` : field,
    compare: descending ? (one, other) => ascending(other, one) : ascending,
  };
}

/** A comparison by a figure that is worked out once a row, for one sort: it may be different at the next. */
export function byFigure<Row extends object>(
  figureOf: (row: Row) => number,
  then: Compare<Row>,
): Compare<Row> {
  const known = new Map<Row, number>();
  const of = (row: Row) => {
    let figure = known.get(row);
    if (figure === undefined) known.set(row, (figure = figureOf(row)));
    return figure;
  };
  return (one, other) => of(one) - of(other) || then(one, other);
}

/**
 * A test for free text: every word must occur in one of the texts, which are in lower case, as names of Kubernetes objects
 * are. Null when there is nothing to look for.
 */
export function textFilter(
  q: string | undefined,
): ((...texts: readonly (string | null)[]) => boolean) | null {
  const words = wordsOf(q);
  if (words.length === 0) return null;
  return (...texts) => words.every((word) => texts.some((text) => text !== null && text.includes(word)));
}

/** The words of free text, in lower case. */
export function wordsOf(q: string | undefined): readonly string[] {
  return (q ?? "")
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
}

/** Some word of the free text can be part of an address: only then are addresses worth making into text. */
export function mayNameAddress(q: string | undefined): boolean {
  return (q ?? "").split(/\s+/).some((word) => /^[0-9a-fA-F.:]+$/.test(word));
}
