"use client";
import { type RefObject, useEffect, useState } from "react";

/** The part of an element that is in the window, in pixels from its top, rounded out so that small scrolls change nothing. */
export interface PageWindow {
  readonly top: number;
  readonly bottom: number;
}

const step = 400;

/** Follows which part of a tall element is in the window. `height` is the element's. */
export function usePageWindow(element: RefObject<HTMLElement | null>, height: number): PageWindow {
  const [shown, setShown] = useState<PageWindow>({ top: 0, bottom: Math.min(height, 2 * step) });
  useEffect(() => {
    const read = () => {
      const rectangle = element.current?.getBoundingClientRect();
      if (!rectangle) return;
      const top = Math.max(0, Math.floor(-rectangle.top / step - 1) * step);
      const bottom = Math.min(height, Math.ceil((window.innerHeight - rectangle.top) / step + 1) * step);
      setShown((before) =>
        before.top === top && before.bottom === bottom ? before : { top, bottom: Math.max(top, bottom) },
      );
    };
    read();
    window.addEventListener("scroll", read, { passive: true });
    window.addEventListener("resize", read);
    return () => {
      window.removeEventListener("scroll", read);
      window.removeEventListener("resize", read);
    };
  }, [element, height]);
  return shown;
}
