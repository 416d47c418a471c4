"use client";
import { useCallback, useEffect, useRef } from "react";
import type { Places } from "./use-windowed.ts";

interface Options {
  readonly places: Places | undefined;
  /** Only rows near the window are in the document. Where all are, the browser itself keeps those in place that are looked at. */
  readonly windowed: boolean;
  /** Of a row, in pixels. */
  readonly rowHeight: number;
}

/**
 * Tells a long list which of its rows is looked at: the one that has the focus, or is under the mouse, else the first in the window
 * once that is not the first of all. That one stays in its place on the screen while others come and go.
 */
export function useReader({ places, windowed, rowHeight }: Options) {
  const body = useRef<HTMLElement | null>(null);
  const pointed = useRef<number | null>(null);
  const range = useRef({ first: 0, last: -1 });
  const shift = places?.shift ?? 0;
  const { hold, show, release } = places ?? none;

  const tell = useCallback(() => {
    if (!windowed) return;
    const { first } = range.current;
    const row = inSight(focusedIn(body.current), range.current) ?? inSight(pointed.current, range.current);
    if (row !== null) hold(row + shift, true);
    else hold(first > 0 ? first + shift : null);
  }, [hold, shift, windowed]);
  useEffect(() => {
    if (!windowed) return;
    tell();
    return () => hold(null);
  }, [windowed, tell, hold]);
  useEffect(() => {
    if (!windowed) release();
  }, [windowed, release]);

  const onShown = useCallback(
    (first: number, last: number) => {
      const isAtTop = first === 0 && range.current.first > 0;
      range.current = { first, last };
      if (!windowed) return show(first, last);
      if (shift < 0 && first < -shift) {
        // Rows above have gone: there is nothing before the first.
        release();
        window.scrollBy(0, shift * rowHeight);
      } else if (shift > 0 && isAtTop && inSight(focusedIn(body.current), range.current) === null) release();
      tell();
      show(Math.max(0, first + shift), last + shift);
    },
    [release, rowHeight, shift, show, tell, windowed],
  );

  const handlers: React.HTMLAttributes<HTMLTableSectionElement> = {
    onFocus: (event) => {
      body.current = event.currentTarget;
      tell();
    },
    // The focus has moved on only after this.
    onBlur: () => queueMicrotask(tell),
    onPointerOver: (event) => {
      if (event.pointerType !== "mouse") return;
      pointed.current = indexOf(event.target);
      tell();
    },
    onPointerLeave: () => {
      pointed.current = null;
      tell();
    },
  };
  return { onShown, handlers };
}

function inSight(index: number | null, { first, last }: { first: number; last: number }): number | null {
  return index !== null && index >= first && index <= last ? index : null;
}

const none = { hold: () => {}, show: () => {}, release: () => {} };

function focusedIn(body: HTMLElement | null): number | null {
  const focused = document.activeElement;
  return body?.contains(focused) ? indexOf(focused) : null;
}

function indexOf(target: EventTarget | null): number | null {
  const row = target instanceof Element ? target.closest<HTMLElement>("tr[data-index]") : null;
  return row === null ? null : Number(row.dataset["index"]);
}
