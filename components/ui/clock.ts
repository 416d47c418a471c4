"use client";
import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
let now = 0;
let stoppedAt: number | null = null;
let timer: ReturnType<typeof setInterval> | undefined;

function tell(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    now = Date.now();
    timer = setInterval(() => {
      now = Date.now();
      if (stoppedAt === null) tell();
    }, 1000);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** Stops the page's clock at a time, in milliseconds since 1970; null lets it go on. Every age on the page follows. */
export function stopClock(at: number | null): void {
  stoppedAt = at;
  tell();
}

/** The time that the page's clock shows, in milliseconds since 1970. */
function clockTime(): number {
  return stoppedAt ?? (now === 0 ? Date.now() : now);
}

/**
 * Milliseconds since the epoch, rounded down to `stepSeconds` so that a component renders only when its step passes.
 * One timer serves the whole page. 0 on the server.
 */
export function useNow(stepSeconds = 1): number {
  const step = stepSeconds * 1000;
  return useSyncExternalStore(
    subscribe,
    () => Math.floor(clockTime() / step) * step,
    () => 0,
  );
}
