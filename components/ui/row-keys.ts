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

/**
 * Keyboard for the rows of a table: one tab stop; arrows, Home, End and PageUp/Down move it, Enter opens the row. Rows come into the
 * document and leave it; the focus waits for the one that it is going to, and for its own when that is put there anew.
 */
export function useRowKeys({ count, selected, reveal, open }: Options) {
  const [focused, setFocused] = useState<number | null>(null);
  const nodes = useRef(new Map<number, HTMLElement>());
  /** Where the keys lead: not in the document yet. */
  const goal = useRef<number | null>(null);
  /** Left the document while it had the focus. */
  const lost = useRef<number | null>(null);
  const active = Math.min(focused ?? Math.max(selected, 0), Math.max(count - 1, 0));

  useEffect(() => {
    if (selected < 0) return;
    setFocused(selected);
    if (nodes.current.has(selected)) return;
    reveal(selected);
    // `reveal` is made anew in every render; only a new selection scrolls.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [selected]);

  const latest = useRef(open);
  useEffect(() => {
    latest.current = open;
  });
  const go = (index: number) => {
    const node = nodes.current.get(index);
    goal.current = node ? null : index;
    node?.focus();
    reveal(index);
  };
  return {
    active,
    go,
    /** These three stay the same, so that rows need not render again. */
    focused: useCallback((index: number) => {
      goal.current = null;
      setFocused(index);
    }, []),
    open: useCallback((index: number) => latest.current(index), []),
    register: useCallback((index: number, node: HTMLElement | null) => {
      const now = document.activeElement;
      if (node === null) {
        if (now !== null && now === nodes.current.get(index)) lost.current = index;
        nodes.current.delete(index);
        return;
      }
      nodes.current.set(index, node);
      if (node === now) {
        // It was only drawn anew, or has another place.
        lost.current = null;
        setFocused(index);
        return;
      }
      const isNowhere = now === null || now === document.body;
      if (lost.current === index) {
        lost.current = null;
        if (isNowhere) node.focus({ preventScroll: true });
      } else if (goal.current === index) {
        goal.current = null;
        if (isNowhere || now.tagName === "TR") node.focus();
      }
    }, []),
    onKeyDown: (event: React.KeyboardEvent) => {
      // A control inside the row has the key.
      if (!(event.target instanceof HTMLTableRowElement)) return;
      const from = goal.current ?? Number(event.target.dataset["index"] ?? active);
      if (event.key === "Enter") {
        event.preventDefault();
        open(from);
        return;
      }
      const next = target(event.key, from, count);
      if (next === null) return;
      event.preventDefault();
      go(next);
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
