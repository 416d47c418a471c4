"use client";
import { useEffect } from "react";

/** Gives the focus back to where it was when something opened. The kit does so only for what was there before it was opened. */
export function useFocusBack(opened: boolean): void {
  useEffect(() => {
    if (!opened) return;
    const before = document.activeElement;
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, [opened]);
}
