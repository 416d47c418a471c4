import { infiniteQueryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import type { listOf } from "../contract/common.ts";
import { getJson, query } from "./http.ts";

type ListSchema<Item extends z.ZodType> = ReturnType<typeof listOf<Item>>;
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
export function windowed<Item extends z.ZodType>(
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

/** The whole of a list that fits in memory, page by page. `items` null as soon as one page cannot be read. */
export async function wholeList<Item extends z.ZodType>(
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
  let { next } = first;
  while (next !== undefined) {
    tell(items.length, first.total);
    const page = await ask(next);
    if (page.items === null) return page;
    items.push(...page.items);
    next = page.next;
  }
  return { ...first, items, next: undefined };
}
