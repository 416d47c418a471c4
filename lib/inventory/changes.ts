import type { Clock } from "../kube/clock.ts";

/** What happened between two moments the viewers are told of, by name; rows are made by whoever tells them. */
export interface Change {
  /** `{epoch}.{sequence}` of the state it leads to. */
  readonly version: string;
  readonly pools: readonly string[];
  readonly blocks: readonly string[];
  readonly removed: { readonly pools: readonly string[]; readonly blocks: readonly string[] };
  /** Lists to ask again. */
  readonly touched: readonly Touched[];
  /** More changed than is worth sending row by row: ask for everything again. */
  readonly reset: boolean;
}

export type Touched = "pods" | "namespaces" | "nodes" | "addresses" | "activity";

/** Idle: told at once. Busy: at most once in this many milliseconds. */
const interval = 250;
/** A change of more rows than this is a reset: asking again is cheaper than sending them. */
const mostRows = 2_000;

/**
 * The versioned change feed of an inventory. Marks are gathered and handed out as one `Change`: at once when nothing was
 * sent in the last 250 ms (in the next timer turn, so that one reflector batch is one change), else when they are over.
 * Every mark raises the sequence, so a version names one state exactly.
 */
export class Changes {
  /** How often they have been handed out: what was made after one, and before the next, is as new as anybody knows. */
  told = 0;
  private epoch: number;
  private sequence = 0;
  private sentAt = Number.NEGATIVE_INFINITY;
  private cancel: (() => void) | null = null;
  private reset = false;
  private isMuted = false;
  private pools = new Set<string>();
  private blocks = new Set<string>();
  private removedPools = new Set<string>();
  private removedBlocks = new Set<string>();
  private touched = new Set<Touched>();
  private readonly listeners = new Set<(change: Change) => void>();
  private readonly clock: Clock;

  constructor(clock: Clock, epoch: number = clock.now()) {
    this.clock = clock;
    this.epoch = epoch;
  }

  get version(): string {
    return `${this.epoch}.${this.sequence}`;
  }

  /** Marks since the epoch began; the cheap form of `version` for caches inside the process. */
  get revision(): number {
    return this.sequence;
  }

  subscribe(listener: (change: Change) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  pool(name: string): void {
    this.removedPools.delete(name);
    this.pools.add(name);
    this.mark();
  }

  block(name: string): void {
    this.removedBlocks.delete(name);
    this.blocks.add(name);
    this.mark();
  }

  poolRemoved(name: string): void {
    this.pools.delete(name);
    this.removedPools.add(name);
    this.mark();
  }

  blockRemoved(name: string): void {
    this.blocks.delete(name);
    this.removedBlocks.add(name);
    this.mark();
  }

  touch(...lists: readonly Touched[]): void {
    for (const list of lists) this.touched.add(list);
    this.mark();
  }

  /** Something every page shows has changed (detection, permissions, a restored backup): everyone asks again. */
  resetAll(options: { newEpoch: boolean }): void {
    if (options.newEpoch) {
      this.epoch += 1;
      this.sequence = 0;
    }
    this.reset = true;
    this.mark();
  }

  /** What `work` marks raises the version and waits for the next change that somebody has to hear of. */
  muted(work: () => void): void {
    this.isMuted = true;
    try {
      work();
    } finally {
      this.isMuted = false;
    }
  }

  /** Hands out now what has been gathered, if anything has; for whoever must not wait. */
  flush(): void {
    if (!this.cancel) return;
    this.cancel();
    this.send();
  }

  stop(): void {
    this.cancel?.();
    this.cancel = null;
    this.listeners.clear();
  }

  private mark(): void {
    this.sequence += 1;
    if (this.cancel || this.isMuted) return;
    const wait = Math.max(0, this.sentAt + interval - this.clock.now());
    this.cancel = this.clock.after(wait, () => this.send());
  }

  private send(): void {
    this.cancel = null;
    this.told += 1;
    this.sentAt = this.clock.now();
    const rows = this.pools.size + this.blocks.size + this.removedPools.size + this.removedBlocks.size;
    const reset = this.reset || rows > mostRows;
    const change: Change = {
      version: this.version,
      pools: reset ? [] : [...this.pools],
      blocks: reset ? [] : [...this.blocks],
      removed: { pools: reset ? [] : [...this.removedPools], blocks: reset ? [] : [...this.removedBlocks] },
      touched: reset ? [] : [...this.touched],
      reset,
    };
    this.reset = false;
    this.pools = new Set();
    this.blocks = new Set();
    this.removedPools = new Set();
    this.removedBlocks = new Set();
    this.touched = new Set();
    for (const listener of this.listeners) listener(change);
  }
}
