import { markOf } from "./model.ts";
import type { ColourKey } from "./colouring.ts";
import type { Ink, Rect } from "./ink.ts";
import { paintCell, paintMark } from "./paint-cell.ts";
import type { Scene } from "./pane.ts";

/** How long a changed cell takes from its old step to the new one, in milliseconds. */
export const fadeMs = 400;

/** More cells at once are not faded: what changes everywhere is read as a new picture. */
const mostFading = 20_000;

interface Fading {
  readonly rows: Int32Array;
  readonly keys: readonly (ColourKey | undefined)[];
  readonly flags: readonly number[];
  readonly since: number;
}

/** Blocks that have changed: their old look lies over the new one and goes away, once. */
export class Fades {
  private fading: Fading | null = null;

  get running(): boolean {
    return this.fading !== null;
  }

  /**
   * Compares two scenes of the same grid and returns the rows that differ; null: too much does to say. `now` null: nothing
   * fades. A block that changes again while it fades starts from what it was last.
   */
  begin(before: Scene, after: Scene, now: number | null): Int32Array | null {
    if (before.map.header.rows !== after.map.header.rows) return null;
    if (before.map === after.map && before.colouring === after.colouring) return new Int32Array(0);
    const [old, next] = [before.colouring, after.colouring];
    if (old.mode !== next.mode || before.palette !== after.palette || !sameKeys(old.keys, next.keys)) {
      this.fading = null;
      return null;
    }
    const rows: number[] = [];
    for (let row = 0; row < next.classes.length; row += 1) {
      if (old.classes[row] !== next.classes[row] || before.map.flags[row] !== after.map.flags[row])
        rows.push(row);
    }
    const changed = Int32Array.from(rows);
    if (now !== null && rows.length > 0 && rows.length <= mostFading) {
      this.fading = {
        rows: changed,
        keys: rows.map((row) => old.keys[old.classes[row] ?? 0]),
        flags: rows.map((row) => before.map.flags[row] ?? 0),
        since: now,
      };
    }
    return changed;
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

function sameKeys(one: readonly ColourKey[], other: readonly ColourKey[]): boolean {
  return one.length === other.length && one.every((key, index) => key.id === other[index]?.id);
}
