import type { ChangeEvent, HelloEvent, ResetEvent } from "../../contract/events.ts";
import type { Change } from "../../inventory/changes.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { Kind } from "../../inventory/kinds.ts";
import { currentPace } from "../pace.ts";
import { shared } from "../shared.ts";
import { StreamFrame } from "../stream-frame.ts";
import { toBlock } from "./blocks.ts";
import { inReading } from "./cluster.ts";
import { toPool } from "./pools.ts";
import { unknownOf } from "./ready.ts";

type Send = (frame: StreamFrame) => void;

/** One whole server-sent event that was given to every viewer. */
interface Sent {
  readonly epoch: number;
  readonly sequence: number;
  readonly frame: StreamFrame;
}

/** What is being handed out, and to whom of `viewers` next. */
interface Round {
  readonly frame: StreamFrame;
  readonly viewers: readonly Send[];
  next: number;
}

/** Viewers that come back within this many frames, or bytes, are told what they missed; later ones start over. */
const mostFrames = 500;
const mostBytes = 8 * 1024 * 1024;

/**
 * Viewers that are handed a frame in one turn of the event loop. One takes about 30 µs: all 500 at once would hold up
 * everything else for four such frames a second.
 */
const viewersAtOnce = 50;

/** The stream of one inventory's changes: rows are made and encoded once, whatever the number of viewers. */
export class ChangeFeed {
  private readonly inventory: Inventory;
  private readonly viewers = new Set<Send>();
  private frames: Sent[] = [];
  private frameBytes = 0;
  /** Changes up to this sequence number are in no frame. */
  private forgottenUpTo: number;
  private readonly rounds: Round[] = [];

  constructor(inventory: Inventory) {
    this.inventory = inventory;
    this.forgottenUpTo = inventory.changes.revision;
    inventory.changes.subscribe((change) => this.publish(change));
  }

  /**
   * Begins to send. First `hello` with the version the frames go on from: the current one, or for a viewer that names the
   * version it has, that one, then what it missed; `reset` follows when that is not known any more.
   * Frames are never to be changed: they are everybody's.
   */
  open(lastVersion: string | null, send: Send): { close(): void } {
    const { version } = this.inventory;
    const missed = lastVersion === null ? [] : this.since(lastVersion);
    const from = missed && lastVersion !== null ? lastVersion : version;
    send(frameOf("hello", from, { version: from, ...this.facts() } satisfies HelloEvent));
    if (missed) for (const { frame } of missed) send(frame);
    else send(frameOf("reset", version, this.toReset(version)));
    this.viewers.add(send);
    return { close: () => void this.viewers.delete(send) };
  }

  /** Frames after a version of this epoch; null when some of them are gone. */
  private since(version: string): readonly Sent[] | null {
    const had = parseVersion(version);
    const now = parseVersion(this.inventory.version);
    if (!had || !now || had.epoch !== now.epoch || had.sequence > now.sequence) return null;
    if (had.sequence < this.forgottenUpTo) return null;
    return this.frames.filter((frame) => frame.epoch === had.epoch && frame.sequence > had.sequence);
  }

  private publish(change: Change): void {
    const frame = change.reset
      ? frameOf("reset", change.version, this.toReset(change.version))
      : frameOf("change", change.version, this.toEvent(change));
    this.remember(change.version, frame, change.reset);
    // Whoever comes from now on was told of it by what `open` sends.
    this.rounds.push({ frame, viewers: [...this.viewers], next: 0 });
    if (this.rounds.length === 1) this.handOut();
  }

  /** To some viewers now, to the others in later turns; each gets every frame in its order. */
  private handOut(): void {
    const [round] = this.rounds;
    if (!round) return;
    const { frame, viewers } = round;
    const end = round.next + viewersAtOnce;
    for (const send of viewers.slice(round.next, end)) if (this.viewers.has(send)) send(frame);
    round.next = end;
    if (end >= viewers.length) this.rounds.shift();
    if (this.rounds.length > 0) setImmediate(() => this.handOut());
  }

  /** What every page shows or goes by, whatever it is about. */
  private facts(): Omit<ResetEvent, "version"> {
    const { pods, nodes, namespaces, phase, stale } = this.inventory;
    const facts = { ...inReading(this.inventory), stale, paceMs: currentPace() };
    if (phase.status !== "ready") return facts;
    const known = (kind: Kind, size: number) => (unknownOf(this.inventory, "total", kind) ? null : size);
    const totals = {
      pods: known("pods", pods.table.size),
      namespaces: known("namespaces", namespaces.size),
      nodes: known("nodes", nodes.table.size),
    };
    return { totals, ...facts };
  }

  private toReset(version: string): ResetEvent {
    return { version, ...this.facts() };
  }

  private toEvent(change: Change): ChangeEvent {
    const { space } = this.inventory;
    return {
      version: change.version,
      pools: change.pools.flatMap((name) => {
        const row = space.pools.get("", name);
        return row ? [toPool(this.inventory, row)] : [];
      }),
      blocks: change.blocks.flatMap((name) => {
        const row = space.blocks.get("", name);
        return row ? [toBlock(this.inventory, row)] : [];
      }),
      removed: { pools: [...change.removed.pools], blocks: [...change.removed.blocks] },
      touched: [...change.touched],
      ...this.facts(),
    };
  }

  private remember(version: string, frame: StreamFrame, isReset: boolean): void {
    const at = parseVersion(version);
    if (!at) return;
    if (isReset) {
      // Whatever came before, the reset makes up for it; and it may begin a new epoch.
      this.frames = [];
      this.frameBytes = 0;
      this.forgottenUpTo = 0;
    }
    this.frames.push({ ...at, frame });
    this.frameBytes += frame.plain.byteLength;
    while (this.frames.length > mostFrames || (this.frameBytes > mostBytes && this.frames.length > 1)) {
      const oldest = this.frames.shift();
      this.frameBytes -= oldest?.frame.plain.byteLength ?? 0;
      this.forgottenUpTo = oldest?.sequence ?? 0;
    }
  }
}

/** The feed of an inventory; made on first use, one for the process. */
export function changeFeed(inventory: Inventory): ChangeFeed {
  const feeds = shared("changeFeeds", () => new WeakMap<Inventory, ChangeFeed>());
  let feed = feeds.get(inventory);
  if (!feed) feeds.set(inventory, (feed = new ChangeFeed(inventory)));
  return feed;
}

function frameOf(event: string, version: string, data: unknown): StreamFrame {
  return new StreamFrame(`id: ${version}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

function parseVersion(version: string): { epoch: number; sequence: number } | null {
  const [, epoch, sequence] = /^(\d+)\.(\d+)$/.exec(version) ?? [];
  return epoch === undefined || sequence === undefined
    ? null
    : { epoch: Number(epoch), sequence: Number(sequence) };
}
