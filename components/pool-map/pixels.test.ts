import fc from "fast-check";
import { expect, test } from "vitest";
import { type ColourMode, colourModes } from "./colour-scheme.ts";
import { Colourer } from "./colouring.ts";
import { rowFilter } from "./filter.ts";
import { type Grid, hilbertGrid } from "./grid.ts";
import { paletteOf } from "./ink.ts";
import { type Content, MapPixels } from "./pixels.ts";
import { emptyMap, testMap } from "./testing.ts";

const room = ({ columns, rows }: Grid) => new Uint32Array(columns * rows);
const palette = paletteOf("light");

test("a change of one block of 262,144 colours that block and writes its pixel, no other", () => {
  const before = emptyMap(262_144, "10.0.0.0/8");
  const used = before.used.slice();
  used[70_000] = 9;
  const colourer = new Colourer();
  const pixels = new MapPixels();
  const grid = hilbertGrid(262_144);
  const show = (map: typeof before, only: string | null) => {
    const colouring = colourer.colour(map, "use", 0);
    return pixels.show({ grid, colouring, palette, filter: rowFilter(map, colouring, only) }, room);
  };
  expect(show(before, null)).toEqual({ pixels: 262_144, x: 0, y: 0, width: 512, height: 512 });
  expect(colourer.rowsColoured).toBe(262_144);
  const place = grid.placeOf[70_000] ?? -1;
  const one = { pixels: 1, x: place % 512, y: Math.floor(place / 512), width: 1, height: 1 };
  expect(show({ ...before, used }, null)).toEqual(one);
  expect(colourer.rowsColoured).toBe(1);
  // Nothing has changed: nothing is written, whatever else is drawn anew.
  expect(show({ ...before, used }, null)).toBeNull();
  // A filter is another picture; after it, a change is that of one block again.
  expect(show({ ...before, used }, "unclaimed")?.pixels).toBe(262_144);
  expect(show(before, "unclaimed")).toEqual(one);
});

interface Step {
  readonly mode: ColourMode;
  readonly only: string | null;
  readonly columns: number;
  readonly names: number;
  readonly slots: readonly (readonly [number, number, number])[];
}

const slots = 24;
const step: fc.Arbitrary<Step> = fc.record({
  mode: fc.constantFrom("use", ...colourModes),
  only: fc.constantFrom(null, null, "reserved", "leak", "unclaimed", "node:n1", "depth-1", "lent-1"),
  columns: fc.constantFrom(8, 8, 8, 6),
  names: fc.constantFrom(12, 12, 13),
  slots: fc.array(fc.tuple(fc.nat(3), fc.nat(511), fc.nat(12)), { minLength: slots, maxLength: slots }),
});

function mapOf({ names, slots: each }: Step) {
  return testMap({
    used: each.map(([used]) => used * 21),
    flags: each.map(([used, flags]) => (used === 0 ? flags & 12 : flags)),
    nodes: Array.from({ length: names }, (_unused, at) => `n${at}`),
    node: each.map(([used, , node]) => (used === 0 ? 0 : node)),
    namespaces: Array.from({ length: names }, (_unused, at) => (at === 3 ? null : `s${at}`)),
    namespace: each.map(([used, flags]) => (used === 0 ? 0 : flags % names)),
    claimed: each.map(([used, , node]) => used * 10 ** node),
    lent: each.map(([used]) => used),
  });
}

/** A cluster changes a little at a time. */
const steps = fc.array(fc.tuple(step, fc.subarray(Array.from({ length: slots }, (_unused, at) => at))), {
  maxLength: 8,
});

test("whatever a map was before, its colours and pixels are those that it has by itself", () => {
  const grids = new Map<number, Grid>();
  const gridOf = (columns: number) => {
    const made: Grid = {
      kind: "address",
      columns,
      rows: Math.ceil(32 / columns),
      placeOf: Int32Array.from({ length: slots }, (_unused, at) => at),
      rowAt: Int32Array.from({ length: columns * Math.ceil(32 / columns) }, (_unused, at) =>
        at < slots ? at : -1,
      ),
      heads: [],
    };
    grids.set(columns, grids.get(columns) ?? made);
    return grids.get(columns) ?? made;
  };
  fc.assert(
    fc.property(steps, (all) => {
      const [colourer, pixels] = [new Colourer(), new MapPixels()];
      let last: Step | null = null;
      for (const [each, kept] of all) {
        const before: Step["slots"] = last?.slots ?? [];
        const current: Step = {
          ...each,
          slots: each.slots.map((slot, at) => (kept.includes(at) ? (before[at] ?? slot) : slot)),
        };
        last = current;
        const map = mapOf(current);
        const draw = (with_: Colourer, on: MapPixels) => {
          const colouring = with_.colour(map, current.mode, 2e12);
          const filter = rowFilter(map, colouring, current.only);
          const content: Content = { grid: gridOf(current.columns), colouring, palette, filter };
          on.show(content, room);
          return { colouring, pixels: [...on.pixels] };
        };
        expect(draw(colourer, pixels)).toEqual(draw(new Colourer(), new MapPixels()));
      }
    }),
    { numRuns: 200 },
  );
});
