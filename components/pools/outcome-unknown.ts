import type { Pool, PoolChange } from "@/lib/contract/pools.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import { alreadySo, sameFields } from "./pool-fields.ts";

/** A write to which no answer came: it may have happened, may still happen, or may never. */
export interface Lost {
  /** When it was sent, in milliseconds since the epoch. */
  readonly at: number;
  /** What the browser or the server said instead of the answer. */
  readonly problem: Problem;
}

/**
 * Whether a write that failed so may have happened: the server does not know or failed itself, the connection broke, or a proxy
 * gave up waiting. Any other problem is a plain no.
 */
export function mayHaveHappened({ code, status }: Pick<Problem, "code" | "status">): boolean {
  if (code === "outcome-unknown" || code === "internal" || code === "unreachable") return true;
  return code === "unreadable" && (status === 0 || status >= 500);
}

/** How long after a write it is still looked for before it counts as not done; one that comes later meets a conflict. */
export const SETTLES_MS = 10_000;

/**
 * What the pool, read back, says about a write without an answer. `asking`: no answer yet. `notYet`: it is as it was, and the
 * request may still be under way. `changed`: it is neither what it was nor what was asked for. `gone`: deleted, or another one.
 */
export type Outcome = "asking" | "notYet" | "happened" | "didNot" | "changed" | "gone";

type Seen = Pick<Pool, "uid" | "resourceVersion" | keyof PoolChange>;

export interface ReadBack<P extends Seen = Pool> {
  /** Null: there is none any more; undefined: no answer yet. */
  readonly pool: P | null | undefined;
  /** Of which time the answer is known to be true, in milliseconds since the epoch; null: not known. */
  readonly currentAt: number | null;
}

/** Judges a write to `base` that was sent at `sentAt`. */
export function outcomeOf(
  base: Seen,
  change: PoolChange,
  sentAt: number,
  { pool, currentAt }: ReadBack<Seen>,
): Outcome {
  if (pool === undefined) return "asking";
  if (pool === null || pool.uid !== base.uid) return "gone";
  const age = (currentAt ?? 0) - sentAt;
  // Only a later version tells that something has happened, and only a current one that nothing has.
  if (age >= 0 || isLater(pool.resourceVersion, base.resourceVersion)) {
    if (alreadySo(pool, change)) return "happened";
    if (!sameFields(pool, base)) return "changed";
  }
  return age < SETTLES_MS ? "notYet" : "didNot";
}

/** Versions are decimal and grow; of any other nothing is concluded. */
function isLater(version: string, than: string): boolean {
  const decimal = /^\d+$/;
  return decimal.test(version) && decimal.test(than) && BigInt(version) > BigInt(than);
}
