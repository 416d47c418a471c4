import { infiniteQueryOptions } from "@tanstack/react-query";
import type * as z from "zod/mini";
import type { listOf } from "../contract/common.ts";
import { getJson, query } from "./http.ts";
import { localProblem } from "./problem-error.ts";

type ListSchema<Item extends z.ZodMiniType> = ReturnType<typeof listOf<Item>>;
export type Filter = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** The rows one request of a long list brings. */
const windowSize = 200;
/** The most a server gives at once; for whoever wants them all. */
const pageSize = 500;

/** Told after each page: rows read so far, and how many there are; null: unknown. */
export type Progress = (read: number, total: number | null) => void;

/**
 * A long list, filtered and sorted by the server, in windows of `windowSize`. Its pages are flattened with `flatten`.
 * `key` begins with the noun, so that `touched` finds it. `whole` reads every row of it, at the time of the call.
 */
export function windowed<Item extends z.ZodMiniType>(
  noun: string,
  path: string,
  schema: ListSchema<Item>,
  filter: Filter,
) {
  const options = infiniteQueryOptions({
    queryKey: [noun, "list", filter] as const,
    queryFn: ({ pageParam, signal }) =>
      getJson(`${path}${query({ ...filter, limit: windowSize, offset: pageParam })}`, schema, signal),
    initialPageParam: 0,
    getNextPageParam: (last: { next?: number | undefined }) => last.next,
  });
  return {
    ...options,
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

/** Rows that each page of a whole list repeats of the one before: what came and went meanwhile has moved the others. */
const repeated = 20;

/**
 * The whole of a list that fits in memory, page by page, each row once although the list changes meanwhile. `items` null as soon
 * as one page cannot be read. Throws ProblemError, also when so much changes between two pages that rows could be missing.
 */
export async function wholeList<Item extends z.ZodMiniType>(
  path: string,
  schema: ListSchema<Item>,
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

/** Tells the rows of one list apart. */
function nameOf(item: unknown): string {
  const { uid, id, ip, name } = item as Readonly<Record<string, unknown>>;
  return String(uid ?? id ?? ip ?? name);
}
