import { infiniteQueryOptions } from "@tanstack/react-query";
import type * as z from "zod/mini";
import type { listOf } from "../contract/common.ts";
import { type Held, movedBy, nameOf } from "./held.ts";
import { getJson, query } from "./http.ts";
import { localProblem } from "./problem-error.ts";
import type { Shape } from "./schemas.ts";

type ListSchema<Item extends z.ZodMiniType> = ReturnType<typeof listOf<Item>>;
export type Filter = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** The rows one request of a long list brings. */
const windowSize = 200;
/** How long a window that nobody looks at any more is kept: for whoever scrolls back. */
const leftWindowMs = 30_000;
/** The most a server gives at once; for whoever wants them all. */
const pageSize = 500;

/** Told after each page: rows read so far, and how many there are; null: unknown. */
export type Progress = (read: number, total: number | null) => void;

/** Rows before a window that are looked through for those that were in it. */
const around = (pageSize - windowSize) / 2;

/** The noun, so that `touched` finds it, and where the window begins unless that is at the first row. */
type ListKey = readonly [noun: string, "list", Filter, ...offset: number[]];

/**
 * A long list, filtered and sorted by the server, in windows of `windowSize`. Its pages are flattened with `flatten`.
 * `at`: the same list from another row on; while `held` says that a reader looks at rows, the window goes with them, also when others
 * have come or gone before them. `whole` reads every row of the list, at the time of the call.
 */
export function windowed<Item extends z.ZodMiniType>(
  noun: string,
  path: string,
  schema: Shape<ListSchema<Item>>,
  filter: Filter,
) {
  const ask = async (offset: number, limit: number, signal: AbortSignal) => ({
    ...(await getJson(`${path}${query({ ...filter, limit, offset })}`, schema, signal)),
    offset,
  });
  const at = (offset: number, held: () => Held | null = () => null) =>
    infiniteQueryOptions({
      queryKey: [noun, "list", filter, ...(offset === 0 ? [] : [offset])] as ListKey,
      queryFn: async ({ pageParam, signal }) => {
        const rows = pageParam === offset ? held() : null;
        if (rows === null) return ask(pageParam, windowSize, signal);
        const page = await ask(windowWith(rows, offset), windowSize, signal);
        if (page.items === null || showsHeld(rows, page)) return page;
        // As where the newest come first: in half a second more have come than a window has to spare.
        const wide = await ask(Math.max(0, page.offset - around), pageSize, signal);
        return wide.items !== null && movedBy(rows, wide.items, wide.offset) !== null ? wide : page;
      },
      initialPageParam: offset,
      getNextPageParam: (last: { next?: number | undefined }) => last.next,
      ...(offset === 0 ? {} : { gcTime: leftWindowMs }),
    });
  return {
    ...at(0),
    at,
    whole: (signal: AbortSignal, tell: Progress) => wholeList(path, schema, filter, signal, tell),
  };
}

interface PageOf<Item> {
  readonly items: readonly Item[] | null;
  readonly total: number | null;
}

/** Rows and total of a windowed list. `items` null: the kind cannot be read. */
export function flatten<Item>(data: { readonly pages: readonly PageOf<Item>[] } | undefined): PageOf<Item> {
  const first = data?.pages[0];
  if (!data || !first) return { items: [], total: null };
  if (first.items === null) return { items: null, total: first.total };
  return { items: data.pages.flatMap((page) => page.items ?? []), total: first.total };
}

/** Rows shown beyond which those that come next are asked for. */
const margin = 25;
/** Windows begin at multiples of this: who scrolls there and back finds the same ones. */
const step = 50;

/**
 * Where the window has to begin that shows the rows from `first` to `last`, both included, when the present one has those from
 * `start` up to `end`; null: it shows them, with some to spare on both sides.
 */
export function windowFor(
  { first, last }: { first: number; last: number },
  { start, end, total }: { start: number; end: number; total: number },
): number | null {
  const from = Math.max(0, first - margin);
  const to = Math.min(total - 1, last + margin);
  if (from >= start && to < end) return null;
  const middle = (first + last - windowSize) / 2;
  const found = Math.max(0, Math.round(middle / step) * step);
  return found === start ? null : found;
}

/** Rows before and after the one that is looked at that are on the screen with it. */
const inSight = 30;
const sightOf = (place: number) => ({ first: Math.max(0, place - inSight), last: place + inSight });

/** Where the window begins that shows the held rows: at `offset` as long as that will do. */
function windowWith({ rows }: Held, offset: number): number {
  const present = { start: offset, end: offset + windowSize, total: Number.POSITIVE_INFINITY };
  return windowFor(sightOf(rows[0]?.place ?? offset), present) ?? offset;
}

function showsHeld(held: Held, page: PageOf<unknown> & { readonly offset: number }): boolean {
  const [start, items] = [page.offset, page.items ?? []];
  const moved = movedBy(held, items, start);
  if (moved === null) return false;
  const end = start + items.length;
  const place = (held.rows[0]?.place ?? start) + moved;
  return windowFor(sightOf(place), { start, end, total: page.total ?? end }) === null;
}

/** Rows that each page of a whole list repeats of the one before: what came and went meanwhile has moved the others. */
const repeated = 20;

/**
 * The whole of a list that fits in memory, page by page, each row once although the list changes meanwhile. `items` null as soon
 * as one page cannot be read. Throws ProblemError, also when so much changes between two pages that rows could be missing.
 */
export async function wholeList<Item extends z.ZodMiniType>(
  path: string,
  schema: Shape<ListSchema<Item>>,
  filter: Filter,
  signal: AbortSignal,
  tell: Progress = () => {},
): Promise<z.infer<ListSchema<Item>>> {
  const ask = (offset: number | undefined) =>
    getJson(`${path}${query({ ...filter, limit: pageSize, offset })}`, schema, signal);
  const first = await ask(undefined);
  if (first.items === null) return first;
  const items = [...first.items];
  const known = new Set(items.map(nameOf));
  let { next } = first;
  while (next !== undefined) {
    tell(items.length, first.total);
    const page = await ask(next - repeated);
    if (page.items === null) return page;
    const fresh = page.items.filter((item) => !known.has(nameOf(item)));
    if (fresh.length === page.items.length) throw changed();
    for (const item of fresh) known.add(nameOf(item));
    items.push(...fresh);
    next = page.next;
  }
  return { ...first, items, total: first.total === null ? null : items.length, next: undefined };
}

const changed = () =>
  localProblem("unreadable", "The list changed while it was read", "More rows went than two pages share.");
