"use client";
import { usePathname, useSearchParams } from "next/navigation";
import { useCallback } from "react";

/** Changes to the query string: a text sets, null removes. */
export type UrlChange = Readonly<Record<string, string | null>>;

/**
 * The query string as state: filters, sort, tab and selection live there, so that every view has a link.
 * Changing it neither reloads nor scrolls; `push` adds a step to the browser's history, else the step is replaced.
 */
export function useUrlState() {
  const params = useSearchParams();
  const pathname = usePathname();
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
    },
    [pathname],
  );
  return { params, set };
}
