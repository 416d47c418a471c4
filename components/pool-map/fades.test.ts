import { expect, test, vi } from "vitest";
import { colour } from "./colouring.ts";
import { Fades, fadeMs } from "./fades.ts";
import { denseGeometry } from "./geometry.ts";
import { addressGrid } from "./grid.ts";
import { type Ink, paletteOf } from "./ink.ts";
import type { Scene } from "./scene.ts";
import { subGridOf } from "./sub-grid.ts";
import { testMap } from "./testing.ts";

const grid = addressGrid(4, 4);
const palette = paletteOf("light");

function scene(used: readonly number[]): Scene {
  const map = testMap({ used });
  return {
    map,
    geometry: denseGeometry(grid),
    sub: subGridOf(map.header, grid),
    colouring: colour(map, "use", 0),
    palette,
    filter: null,
    addresses: null,
    margin: { left: 0, top: 0 },
  };
}

/** Rows that are drawn at a time, and how strong. */
function drawn(fades: Fades, now: number): { readonly rows: readonly number[]; readonly strength: number } {
  const rows: number[] = [];
  let strength = Number.NaN;
  const context = {
    set globalAlpha(value: number) {
      if (value < 1) strength = value;
    },
    fillRect: vi.fn(),
    strokeRect: vi.fn(),
    setLineDash: vi.fn(),
  } as unknown as CanvasRenderingContext2D;
  const ink: Ink = { context, palette, hatch: "", wideHatch: "", dots: "" };
  fades.paint(ink, now, (row) => {
    rows.push(row);
    return { x: 0, y: 0, width: 4, height: 4 };
  });
  return { rows, strength };
}

test("only what has changed fades, once, until its time is over", () => {
  const fades = new Fades();
  fades.begin(scene([0, 2, 65, 9]), scene([0, 2, 40, 60]), 1000);
  expect(drawn(fades, 1000 + fadeMs / 4)).toEqual({ rows: [2, 3], strength: 0.75 });
  expect(fades.running).toBe(true);
  expect(drawn(fades, 1000 + fadeMs).rows).toEqual([]);
  expect(fades.running).toBe(false);
});

test("a count that stays within its step fades nothing", () => {
  const fades = new Fades();
  fades.begin(scene([0, 2, 65, 9]), scene([0, 3, 65, 10]), 0);
  expect(fades.running).toBe(false);
});

test("another way to colour is another picture: it does not fade", () => {
  const fades = new Fades();
  const before = scene([0, 2, 65, 9]);
  const map = { ...before.map, lent: Uint8Array.from([0, 1, 2, 3]) };
  fades.begin(before, { ...before, map, colouring: colour(map, "borrowing", 0) }, 0);
  expect(fades.running).toBe(false);
});

test("changes that follow each other are shown at once, and after a calm one fades again", () => {
  const fades = new Fades();
  const steps = [scene([0, 2, 65, 9]), scene([0, 40, 65, 9]), scene([0, 40, 0, 9]), scene([0, 40, 65, 9])];
  const go = (from: number, to: number, now: number) => {
    const [before, after] = [steps[from], steps[to]];
    if (before && after) fades.begin(before, after, now);
    return drawn(fades, now + 1).rows;
  };
  expect(go(0, 1, 1000)).toEqual([1]);
  expect(drawn(fades, 1000 + fadeMs).rows).toEqual([]);
  // As under steady change: no frame is drawn between two of them.
  for (let now = 1500; now < 10_000; now += 500) expect(go(1, 2, now).concat(go(2, 1, now))).toEqual([]);
  expect(fades.running).toBe(false);
  expect(go(2, 3, 13_000)).toEqual([2]);
});
