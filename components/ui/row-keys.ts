"use client";
import { useCallback, useEffect, useRef, useState } from "react";

interface Options {
  readonly count: number;
  /** Index of the selected row, or -1. */
  readonly selected: number;
  /** Brings a row that is not in the document into it. */
  readonly reveal: (index: number) => void;
  readonly open: (index: number) => void;
}

const page = 10;

/** Keyboard for the rows of a table: one tab stop; arrows, Home, End and PageUp/Down move it, Enter opens the row. */
export function useRowKeys({ count, selected, reveal, open }: Options) {
  const [moved, setMoved] = useState<number | null>(null);
  const nodes = useRef(new Map<number, HTMLElement>());
  const wanted = useRef<number | null>(null);
  const active = Math.min(moved ?? Math.max(selected, 0), Math.max(count - 1, 0));

  useEffect(() => {
    if (selected < 0) return;
    setMoved(selected);
    if (nodes.current.has(selected)) return;
    reveal(selected);
    // `reveal` is made anew in every render; only a new selection scrolls.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [selected]);

  const latest = useRef(open);
  useEffect(() => {
    latest.current = open;
  });
  return {
    active,
    /** These three stay the same, so that rows need not render again. */
    focused: setMoved,
    open: useCallback((index: number) => latest.current(index), []),
    register: useCallback((index: number, node: HTMLElement | null) => {
      if (node === null) {
        nodes.current.delete(index);
        return;
      }
      nodes.current.set(index, node);
      if (wanted.current === index) {
        wanted.current = null;
        node.focus();
      }
    }, []),
    onKeyDown: (event: React.KeyboardEvent) => {
      // A control inside the row has the key.
      if (!(event.target instanceof HTMLTableRowElement)) return;
      if (event.key === "Enter") {
        event.preventDefault();
        open(active);
        return;
      }
      const next = target(event.key, active, count);
      if (next === null) return;
      event.preventDefault();
      setMoved(next);
      const node = nodes.current.get(next);
      if (node) node.focus();
      else wanted.current = next;
      reveal(next);
    },
  };
}

function target(key: string, from: number, count: number): number | null {
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: from + 1,
    ArrowUp: from - 1,
    PageDown: from + page,
    PageUp: from - page,
    Home: 0,
    End: count - 1,
  };
  const next = steps[key];
  return next === undefined ? null : Math.max(0, Math.min(count - 1, next));
}
