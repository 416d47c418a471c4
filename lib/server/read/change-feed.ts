import type { ChangeEvent } from "../../contract/events.ts";
import type { Change } from "../../inventory/changes.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { shared } from "../shared.ts";
import { toBlock } from "./blocks.ts";
import { toPool } from "./pools.ts";

type Send = (frame: Uint8Array) => void;

/** A frame is one whole server-sent event, encoded once and given to every viewer. */
interface Frame {
  readonly epoch: number;
  readonly sequence: number;
  readonly bytes: Uint8Array;
}

/** Viewers that come back within this many frames, or bytes, are told what they missed; later ones start over. */
const mostFrames = 500;
const mostBytes = 8 * 1024 * 1024;

const encoder = new TextEncoder();

/** The stream of one inventory's changes: rows are made and encoded once, whatever the number of viewers. */
export class ChangeFeed {
  private readonly inventory: Inventory;
  private readonly viewers = new Set<Send>();
  private frames: Frame[] = [];
  private frameBytes = 0;
  /** Changes up to this sequence number are in no frame. */
  private forgottenUpTo: number;

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
    send(frameOf("hello", from, { version: from }));
    if (missed) for (const frame of missed) send(frame.bytes);
    else send(frameOf("reset", version, { version }));
    this.viewers.add(send);
    return { close: () => void this.viewers.delete(send) };
  }

  /** Frames after a version of this epoch; null when some of them are gone. */
  private since(version: string): readonly Frame[] | null {
    const had = parseVersion(version);
    const now = parseVersion(this.inventory.version);
    if (!had || !now || had.epoch !== now.epoch || had.sequence > now.sequence) return null;
    if (had.sequence < this.forgottenUpTo) return null;
    return this.frames.filter((frame) => frame.epoch === had.epoch && frame.sequence > had.sequence);
  }

  private publish(change: Change): void {
    const frame = change.reset
      ? frameOf("reset", change.version, { version: change.version })
      : frameOf("change", change.version, this.toEvent(change));
    this.remember(change.version, frame, change.reset);
    for (const send of this.viewers) send(frame);
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
    };
  }

  private remember(version: string, bytes: Uint8Array, isReset: boolean): void {
    const at = parseVersion(version);
    if (!at) return;
    if (isReset) {
      // Whatever came before, the reset makes up for it; and it may begin a new epoch.
      this.frames = [];
      this.frameBytes = 0;
      this.forgottenUpTo = 0;
    }
    this.frames.push({ ...at, bytes });
    this.frameBytes += bytes.byteLength;
    while (this.frames.length > mostFrames || (this.frameBytes > mostBytes && this.frames.length > 1)) {
      const oldest = this.frames.shift();
      this.frameBytes -= oldest?.bytes.byteLength ?? 0;
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

function frameOf(event: string, version: string, data: unknown): Uint8Array {
  return encoder.encode(`id: ${version}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

function parseVersion(version: string): { epoch: number; sequence: number } | null {
  const [, epoch, sequence] = /^(\d+)\.(\d+)$/.exec(version) ?? [];
  return epoch === undefined || sequence === undefined
    ? null
    : { epoch: Number(epoch), sequence: Number(sequence) };
}
