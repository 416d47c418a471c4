"use client";
import { useLayoutEffect } from "react";

const unpainted = new Set<symbol>();

/**
 * For whatever draws later than React does (a canvas, a chart): call it with false from the first render on and with true
 * once what is on the screen is what should be there. A picture of the page waits for all of them.
 */
export function usePainting(done: boolean): void {
  useLayoutEffect(() => {
    if (done) return;
    const one = Symbol("painting");
    unpainted.add(one);
    return () => {
      unpainted.delete(one);
    };
  }, [done]);
}

/** Whether everything that said it paints has painted. */
export function allPainted(): boolean {
  return unpainted.size === 0;
}
