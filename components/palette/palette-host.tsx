"use client";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { lazily } from "../ui/lazily.tsx";
import { noKeys, withKey } from "./early-keys.ts";

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

/** Where the palette is, once it was asked for. What is pressed while its code is under way is for it, and for nothing else. */
export function PaletteHost() {
  const times = useSyncExternalStore(asks.subscribe, asks.get, () => 0);
  const [here, setHere] = useState(false);
  const [cancelled, cancel] = useState(0);
  const early = useRef(noKeys);
  const isWanted = times > cancelled;
  const isWaiting = isWanted && !here;
  useEffect(() => {
    if (!isWaiting) return;
    early.current = noKeys;
    const keep = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const keys = withKey(early.current, event.key);
      if (keys === "cancelled") cancel(asked);
      else early.current = keys;
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
  if (!isWanted && !here) return null;
  return <Palette asks={times} early={() => early.current} onHere={() => setHere(true)} />;
}
