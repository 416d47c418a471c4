"use client";
import { keepPreviousData, useInfiniteQuery, type UseInfiniteQueryResult } from "@tanstack/react-query";
import { useCallback } from "react";
import type * as z from "zod/mini";
import { flatten, type windowed } from "@/lib/queries/lists.ts";
import type { Explained } from "@/lib/queries/missing.ts";
import type { Unknown } from "@/lib/contract/common.ts";

/** Rows and state of a long list that the server filters and sorts. Old rows stay while new ones are under way. */
export interface Windowed<Row> {
  readonly rows: readonly Row[];
  /** All that match; null: unknown. */
  readonly total: number | null;
  /** The kind itself cannot be read: there are no rows, and that says nothing about how many exist. */
  readonly unreadable: Unknown | null;
  /** Why single rows are missing from those that are there; null: none is. */
  readonly leftOut: string | null;
  /** The rows and the list itself, for what is unknown about them. */
  readonly explained: readonly Explained[];
  /** Asks for the next rows; for the table's `onEnd`. */
  readonly more: () => void;
  /** For QueryView: loading, failed, behind. */
  readonly query: Pick<
    UseInfiniteQueryResult<unknown>,
    "data" | "error" | "dataUpdatedAt" | "errorUpdatedAt" | "refetch"
  >;
}

/** What `windowed` makes: one list of the server, as it is asked for. */
export type WindowedOptions<Row> = ReturnType<typeof windowed<z.ZodMiniType<Row>>>;

export function useWindowed<Row extends Explained>(options: WindowedOptions<Row>): Windowed<Row> {
  const query = useInfiniteQuery({ ...options, placeholderData: keepPreviousData });
  const { items, total } = flatten<Row>(query.data);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const missing = query.data?.pages[0]?.unknown?.find((entry) => entry.field === "items");
  return {
    rows: items ?? [],
    total,
    unreadable: items === null ? (missing ?? unexplained) : null,
    leftOut: items === null || missing?.permission ? null : (missing?.reason ?? null),
    explained: [query.data?.pages[0] ?? {}, ...(items ?? [])],
    more,
    query,
  };
}

/** Stands in where a server does not say why. */
export const unexplained: Unknown = { field: "items", reason: "The server did not say why." };
