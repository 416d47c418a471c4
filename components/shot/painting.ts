"use client";
import { useLayoutEffect, useSyncExternalStore } from "react";

const unpainted = new Set<symbol>();
const listeners = new Set<() => void>();

function tell(): void {
  for (const listener of listeners) listener();
}

/**
 * For whatever draws later than React does (a canvas, a chart): call it with false from the first render on and with true
 * once what is on the screen is what should be there. A picture of the page waits for all of them.
 */
export function usePainting(done: boolean): void {
  useLayoutEffect(() => {
    if (done) return;
    const one = Symbol("painting");
    unpainted.add(one);
    tell();
    return () => {
      unpainted.delete(one);
      tell();
    };
  }, [done]);
}

/** Whether everything that said it paints has painted. */
export function useAllPainted(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => unpainted.size === 0,
    () => false,
  );
}
