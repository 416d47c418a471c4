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
interface Pageable<Row> {
  readonly length: number;
  slice(start: number, end: number): readonly Row[];
}

/** One page of rows that are filtered and sorted already. Only the rows of the page become items. */
export function pageOf<Row, Item>(
  rows: Pageable<Row>,
  query: ListQuery,
  toItem: (row: Row) => Item,
): List<Item> {
  const offset = query.offset ?? 0;
  const limit = Math.min(query.limit ?? defaultLimit, mostRows);
  const items = rows.slice(offset, offset + limit).map(toItem);
  const next = offset + items.length;
  return { items, total: rows.length, ...(next < rows.length && items.length > 0 ? { next } : {}) };
}

/** The answer for a kind that cannot be read at all. */
export function unreadable<Item>(unknown: Unknown): List<Item> {
  return { items: null, total: null, unknown: [unknown] };
}

/** The order asked for, or the list's own (the first of `orders`). Throws 422 for a field that cannot be sorted by. */
export function orderOf<Row>(
  sort: string | undefined,
  orders: ReadonlyMap<string, Compare<Row>>,
): { key: string; compare: Compare<Row> } {
  const [first] = orders;
  const key = sort ?? first?.[0] ?? "";
  const field = key.startsWith("-") ? key.slice(1) : key;
  const ascending = orders.get(field);
  if (!ascending)
    throw invalidParameter("sort", `cannot sort by ${field}; try ${[...orders.keys()].join(", ")}`);
  return { key, compare: key.startsWith("-") ? (one, other) => ascending(other, one) : ascending };
}

/**
 * A test for free text: every word must occur in one of the texts, which are in lower case, as names of Kubernetes objects
 * are. Null when there is nothing to look for.
 */
export function textFilter(
  q: string | undefined,
): ((...texts: readonly (string | null)[]) => boolean) | null {
  const words = (q ?? "")
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  if (words.length === 0) return null;
  return (...texts) => words.every((word) => texts.some((text) => text !== null && text.includes(word)));
}

/** Some word of the free text can be part of an address: only then are addresses worth making into text. */
export function mayNameAddress(q: string | undefined): boolean {
  return (q ?? "").split(/\s+/).some((word) => /^[0-9a-fA-F.:]+$/.test(word));
}
