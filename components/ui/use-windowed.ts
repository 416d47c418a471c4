"use client";
import {
  hashKey,
  keepPreviousData,
  useInfiniteQuery,
  type UseInfiniteQueryResult,
} from "@tanstack/react-query";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import type * as z from "zod/mini";
import { flatten, type windowed, windowFor } from "@/lib/queries/lists.ts";
import type { Explained } from "@/lib/queries/missing.ts";
import type { Unknown } from "@/lib/contract/common.ts";
import { useEye, useShift } from "./use-held.ts";

/**
 * The places of a long list. Rows come and go all the time; those that somebody looks at stay where they are on the screen, so that
 * a row's place in the table is `shift` less than its place in the list.
 */
export interface Places {
  /** Another one: another filter or order. */
  readonly list: string;
  /** The place of the first of the rows that are here. */
  readonly start: number;
  /** How many more rows have come above those that are looked at than have gone. */
  readonly shift: number;
  /** Asks for the rows around these places, both included, and lets go of others; for the table's `onShow`. */
  readonly show: (first: number, last: number) => void;
  /** The place of the row that is looked at, `exact`: of that very one; null: what is first in the list is to be first on the screen. */
  readonly hold: (place: number | null, exact?: boolean) => void;
  /** Gives up `shift`: the first row of the list is the first of the table again. */
  readonly release: () => void;
}

/** Rows and state of a long list that the server filters and sorts. Old rows stay while new ones are under way. */
export interface Windowed<Row> extends Places {
  readonly rows: readonly Row[];
  /** All that match; null: unknown. */
  readonly total: number | null;
  /** The kind itself cannot be read: there are no rows, and that says nothing about how many exist. */
  readonly unreadable: Unknown | null;
  /** Why single rows are missing from those that are there; null: none is. */
  readonly leftOut: string | null;
  /** The rows and the list itself, for what is unknown about them. */
  readonly explained: readonly Explained[];
  /** Asks for the next rows and keeps those before; for lists that grow. */
  readonly more: () => void;
  /** For QueryView: loading, failed, behind. */
  readonly query: Pick<
    UseInfiniteQueryResult<unknown>,
    "data" | "error" | "dataUpdatedAt" | "errorUpdatedAt" | "refetch"
  >;
}

/** What `windowed` makes: one list of the server, as it is asked for. */
export type WindowedOptions<Row> = ReturnType<typeof windowed<z.ZodMiniType<Row>>>;

/** Whoever pulls the scrollbar passes thousands of rows: windows are asked for no more often than this. */
const paceMs = 120;

export function useWindowed<Row extends Explained>(options: WindowedOptions<Row>): Windowed<Row> {
  const list = hashKey(options.queryKey);
  const [place, setPlace] = useState({ list, offset: 0 });
  // Another filter or order begins at its first row.
  const offset = place.list === list ? place.offset : 0;
  const eye = useEye();
  const query = useInfiniteQuery({ ...options.at(offset, eye.held), placeholderData: keepPreviousData });
  const { data } = query;
  const { items, total } = useMemo(() => flatten<Row>(data), [data]);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const rows = items ?? none;
  const start = data?.pages[0]?.offset ?? 0;
  const end = start + rows.length;
  const [of, setOf] = useState(list);
  if (!query.isPlaceholderData && of !== list) setOf(list);
  const [shift, release] = useShift(eye, { list: of, rows, start });
  const asked = (data?.pageParams[0] as number | undefined) ?? 0;
  const move = (first: number, last: number) => {
    // Shown by the rows that are there: then no others are wanted any more either.
    const wanted = windowFor({ first, last }, { start, end, total: total ?? end }) ?? asked;
    setPlace((before) =>
      before.list === list && before.offset === wanted ? before : { list, offset: wanted },
    );
  };
  const { show, again } = useAtPace(move);
  // The view has not moved, but what is there has.
  useEffect(again, [again, start, end, total]);
  const missing = data?.pages[0]?.unknown?.find((entry) => entry.field === "items");
  return {
    list: of,
    rows,
    start,
    shift,
    total,
    unreadable: items === null ? (missing ?? unexplained) : null,
    leftOut: items === null || missing?.permission ? null : (missing?.reason ?? null),
    explained: [data?.pages[0] ?? {}, ...rows],
    more,
    show,
    hold: eye.hold,
    release,
    query,
  };
}

const none: readonly never[] = [];

type Pass = (first: number, last: number) => void;

/**
 * `show` passes on what it is called with, at once and then at most once in `paceMs`, the newest; `again` passes the last one on once
 * more. Both are the same functions always.
 */
function useAtPace(pass: Pass): { readonly show: Pass; readonly again: () => void } {
  const latest = useRef(pass);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const range = useRef<readonly [number, number] | null>(null);
  // Before the table, whose effect comes first, tells where what it shows is among new rows.
  useLayoutEffect(() => {
    latest.current = pass;
  });
  useEffect(
    () => () => {
      if (timer.current) clearTimeout(timer.current);
      timer.current = null;
    },
    [],
  );
  const again = useCallback(() => {
    if (timer.current || !range.current) return;
    latest.current(...range.current);
  }, []);
  const show = useCallback(
    (first: number, last: number) => {
      range.current = [first, last];
      if (timer.current) return;
      again();
      timer.current = setTimeout(() => {
        timer.current = null;
        again();
      }, paceMs);
    },
    [again],
  );
  return { show, again };
}

/** Stands in where a server does not say why. */
export const unexplained: Unknown = { field: "items", reason: "The server did not say why." };
