import type { Sample } from "./sample.ts";
import type { Loss } from "./soak-fault.ts";

/** One fault: when it struck and was over (milliseconds since 1970), and how long after that viewers were told of changes again. */
export interface Strike {
  readonly name: string;
  readonly loss: Loss;
  readonly from: number;
  readonly to: number;
  /** Null: they were not told within two minutes. */
  readonly recoveredMs: number | null;
}

export interface Seen {
  readonly writtenAt: number;
  readonly ms: number;
}

export interface Comparison {
  readonly compared: number;
  readonly lost: readonly string[];
  readonly phantom: readonly string[];
  readonly viewers: number;
  /** What viewers were told last and is not so. */
  readonly wrong: readonly string[];
  /** Totals that were counted again from the raw objects by another program, and those that differ. */
  readonly totals: { readonly compared: number; readonly differences: readonly string[] };
  /** From the end of all changes until everything agreed; null: it never did. */
  readonly agreedAfterMs: number | null;
}

export interface SoakResult {
  readonly seconds: number;
  readonly samples: readonly Sample[];
  readonly strikes: readonly Strike[];
  readonly seen: readonly Seen[];
  /** Null: there were none yet when it ended. */
  readonly viewers: Omit<ViewerCounts, "seen"> | null;
  /** Null: the run was ended before. */
  readonly comparison: Comparison | null;
  readonly log: { readonly counts: Readonly<Record<string, number>>; readonly unexpected: readonly string[] };
  readonly interrupted: string | null;
}

export interface ViewerCounts {
  readonly requests: number;
  readonly refusals: Readonly<Record<string, number>>;
  readonly streams: number;
  readonly cut: number;
  readonly resets: number;
  readonly stalled: { readonly dropped: number; readonly kept: number; readonly unnoticed: number };
  readonly seen: readonly Seen[];
}
