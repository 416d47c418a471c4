import { differing } from "@/lib/contract/pool-map-differing.ts";
import { markOf } from "./model.ts";
import type { ColourKey } from "./colour-scheme.ts";
import { hasSameKeys } from "./colouring.ts";
import type { Ink, Rect } from "./ink.ts";
import { paintCell, paintMark } from "./paint-cell.ts";
import type { Scene } from "./scene.ts";

/** How long a changed cell takes from its old step to the new one, in milliseconds. */
export const fadeMs = 400;

/**
 * A change sooner than this after the one before is one of many and shown at once. Fades that follow each other without an end
 * would have the map drawn in each frame, 60 times a second, for news that comes four times.
 */
const calmMs = 2_000;

/** More cells at once are not faded: what changes everywhere is read as a new picture. */
const mostFading = 20_000;

interface Fading {
  readonly rows: readonly number[];
  readonly keys: readonly (ColourKey | undefined)[];
  readonly flags: readonly number[];
  readonly since: number;
}

/** Blocks that have changed: their old look lies over the new one and goes away, once. */
export class Fades {
  private fading: Fading | null = null;
  private changedAt = Number.NEGATIVE_INFINITY;

  get running(): boolean {
    return this.fading !== null;
  }

  /**
   * Fades from one scene to the next of the same grid. A block that changes again while it fades starts from what it was
   * last. `now`: milliseconds of the page's own time.
   */
  begin(before: Scene, after: Scene, now: number): void {
    const [old, next] = [before.colouring, after.colouring];
    if (before.map === after.map && old === next) return;
    const isComparable =
      before.map.header.rows === after.map.header.rows &&
      old.mode === next.mode &&
      before.palette === after.palette &&
      hasSameKeys(old, next);
    if (!isComparable) {
      this.fading = null;
      return;
    }
    const rows = changedRows(before, after);
    if (rows.length === 0) return;
    const isCalm = now - this.changedAt >= calmMs;
    this.changedAt = now;
    if (!isCalm || rows.length > mostFading) return;
    this.fading = {
      rows,
      keys: rows.map((row) => old.keys[old.classes[row] ?? 0]),
      flags: rows.map((row) => before.map.flags[row] ?? 0),
      since: now,
    };
  }

  /** Draws the old looks as strong as they still are. */
  paint(ink: Ink, now: number, rectOf: (row: number) => Rect | null): void {
    const { fading } = this;
    if (!fading) return;
    const left = 1 - (now - fading.since) / fadeMs;
    if (left <= 0) {
      this.fading = null;
      return;
    }
    const { context } = ink;
    context.globalAlpha = left;
    fading.rows.forEach((row, index) => {
      const [rect, key] = [rectOf(row), fading.keys[index]];
      if (!rect || !key || rect.x < -rect.width || rect.y < -rect.height) return;
      context.fillStyle = ink.palette("bg");
      context.fillRect(rect.x, rect.y, rect.width, rect.height);
      paintCell(ink, key, rect);
      const mark = markOf(fading.flags[index] ?? 0);
      if (mark !== null && rect.width >= 6) paintMark(ink, mark, rect);
    });
    context.globalAlpha = 1;
  }
}

/** Rows whose colour or flags differ. */
function changedRows(before: Scene, after: Scene): readonly number[] {
  const coloured = differing(before.colouring.classes, after.colouring.classes);
  return [...new Set([...coloured, ...differing(before.map.flags, after.map.flags)])];
}
