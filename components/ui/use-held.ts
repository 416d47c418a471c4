"use client";
import { useCallback, useLayoutEffect, useRef, useState } from "react";
import { type Held, heldAround, movedBy } from "@/lib/queries/held.ts";

interface Rows {
  readonly rows: readonly unknown[];
  readonly start: number;
}

/** What somebody looks at in a long list: told by the table, known to whoever asks the server for rows. */
export interface Eye {
  /** The rows at that place, as they are on the screen; null: none is to be held. */
  readonly held: () => Held | null;
  readonly hold: (place: number | null, exact?: boolean) => void;
  readonly put: (rows: Rows) => void;
}

export function useEye(): Eye {
  const at = useRef<{ readonly place: number; readonly exact: boolean } | null>(null);
  const here = useRef<Rows>({ rows: [], start: 0 });
  return {
    held: useCallback(() => {
      const { rows, start } = here.current;
      return at.current && heldAround(rows, start, at.current.place, at.current.exact);
    }, []),
    hold: useCallback((place, exact = false) => {
      at.current = place === null ? null : { place, exact };
    }, []),
    put: useCallback((rows) => {
      here.current = rows;
    }, []),
  };
}

interface Shown extends Rows {
  /** Which list these are rows of; another one begins anew. */
  readonly list: string;
}

/** By how many places the rows that are looked at have moved since their list came on the screen, and what gives that up. */
export function useShift({ held, put }: Eye, { list, rows, start }: Shown): readonly [number, () => void] {
  const [now, set] = useState({ list, rows, start, shift: 0 });
  if (now.list !== list || now.rows !== rows || now.start !== start) {
    const before = now.list === list ? held() : null;
    const shift = before === null ? 0 : now.shift + (movedBy(before, rows, start) ?? 0);
    set({ list, rows, start, shift });
  }
  useLayoutEffect(() => put({ rows, start }), [put, rows, start]);
  const release = useCallback(() => set((before) => ({ ...before, shift: 0 })), []);
  return [now.shift, release];
}
