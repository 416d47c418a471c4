import type { Trouble } from "./retry-policy.ts";

/** Times are milliseconds since 1970, messages one line. */
export type ReflectorState =
  /** No complete list yet: `loaded` objects so far, `total` as the server estimates it, or null when it does not. */
  | {
      readonly status: "starting";
      readonly loaded: number;
      readonly total: number | null;
      readonly message: string | null;
    }
  | { readonly status: "live" }
  /** What is held was last confirmed at `since`; the reflector keeps trying. */
  | { readonly status: "stale"; readonly since: number; readonly message: string }
  | { readonly status: "forbidden"; readonly since: number; readonly message: string }
  | { readonly status: "notInstalled"; readonly since: number; readonly message: string }
  | { readonly status: "loginExpired"; readonly since: number; readonly message: string };

/** `confirmedAt` is when the held data was last known to be right, or null when there is none yet. */
export function troubledState(
  before: ReflectorState,
  trouble: Trouble,
  message: string,
  now: number,
  confirmedAt: number | null,
): ReflectorState {
  if (trouble !== "unreachable") {
    const since = before.status === trouble ? before.since : now;
    return { status: trouble, since, message };
  }
  if (confirmedAt === null) return { status: "starting", loaded: 0, total: null, message };
  return { status: "stale", since: confirmedAt, message };
}

export function sameState(a: ReflectorState, b: ReflectorState): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
