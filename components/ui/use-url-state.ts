"use client";
import { usePathname, useSearchParams } from "next/navigation";
import { useCallback, useEffect, useMemo, useSyncExternalStore } from "react";

/** Changes to the query string: a text sets, null removes. */
export type UrlChange = Readonly<Record<string, string | null>>;

/** A change that is in the address bar but that the router has not come to yet. */
interface Pending {
  readonly pathname: string;
  readonly from: string;
  readonly to: string;
}

let pending: Pending | null = null;
const listeners = new Set<() => void>();

function setPending(next: Pending | null): void {
  pending = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * The query string as state: filters, sort, tab and selection live there, so that every view has a link.
 * Changing it neither reloads nor scrolls, and shows at once: the router takes a moment, and a box that is ticked must not wait
 * for it. `push` adds a step to the browser's history, else the step is replaced.
 */
export function useUrlState() {
  const pathname = usePathname();
  const settled = useSearchParams().toString();
  const ahead = useSyncExternalStore(
    subscribe,
    () => pending,
    () => null,
  );
  const isAhead = ahead !== null && ahead.pathname === pathname && ahead.from === settled;
  const text = isAhead ? ahead.to : settled;
  const params = useMemo(() => new URLSearchParams(text), [text]);
  useEffect(() => {
    if (pending !== null && !(pending.pathname === pathname && pending.from === settled)) setPending(null);
  }, [pathname, settled]);
  // Back before the router has come to it: it never will.
  useEffect(() => {
    const drop = () => {
      if (pending !== null) setPending(null);
    };
    window.addEventListener("popstate", drop);
    return () => window.removeEventListener("popstate", drop);
  }, []);

  const set = useCallback(
    (change: UrlChange, how: "replace" | "push" = "replace") => {
      const next = new URLSearchParams(window.location.search);
      for (const [name, value] of Object.entries(change)) {
        if (value === null || value === "") next.delete(name);
        else next.set(name, value);
      }
      const query = next.toString();
      const url = query === "" ? pathname : `${pathname}?${query}`;
      if (how === "push") window.history.pushState(null, "", url);
      else window.history.replaceState(null, "", url);
      setPending({ pathname, from: settled, to: query });
    },
    [pathname, settled],
  );
  return { params, set };
}
