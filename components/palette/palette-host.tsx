"use client";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { lazily } from "../ui/lazily.tsx";

/** The search, loaded when it is opened first. */
export const Palette = lazily(async () => (await import("./palette.tsx")).Palette, { floats: true });

/** How long keys wait for it, in milliseconds. */
const patience = 5000;

let asked = 0;
const listeners = new Set<() => void>();
const asks = {
  get: () => asked,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

/** Opens the palette from anywhere. */
export function openPalette(): void {
  asked += 1;
  for (const listener of listeners) listener();
}

/** Where the palette is, once it was asked for. What is typed while its code is under way belongs into its field. */
export function PaletteHost() {
  const times = useSyncExternalStore(asks.subscribe, asks.get, () => 0);
  const [here, setHere] = useState(false);
  const typed = useRef("");
  const isWaiting = times > 0 && !here;
  useEffect(() => {
    if (!isWaiting) return;
    const keep = (event: KeyboardEvent) => {
      if (event.key.length !== 1 || event.metaKey || event.ctrlKey || event.altKey) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      typed.current += event.key;
    };
    const stop = () => window.removeEventListener("keydown", keep, true);
    window.addEventListener("keydown", keep, true);
    const timer = setTimeout(stop, patience);
    void Palette.prefetch().then((isHere) => isHere || stop());
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [isWaiting]);
  if (times === 0) return null;
  return <Palette asks={times} typed={() => typed.current} onHere={() => setHere(true)} />;
}
