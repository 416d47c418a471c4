import { decodePoolMapPatch, patchPoolMap } from "@/lib/contract/pool-map-patch.ts";
import type { PoolMap } from "@/lib/contract/pool-map.ts";
import { mapOf, patchOf } from "./map-data.ts";
import { type Drawing, type DrawingName, drawings, side } from "./map-drawings.ts";

let drawing: Drawing | null = null;
let map: PoolMap | null = null;
let patches: ArrayBuffer[] = [];

const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));

/** Two frames: the first has been drawn by then. */
async function drawn(): Promise<number> {
  await frame();
  return frame();
}

/** What `map-case.ts` calls and measures; each returns once the browser has drawn. */
const bench = {
  /** `changes`: how many follow, each of one block in a hundred. */
  prepare: (count: number, changes: number) => {
    document.body.style.margin = "0";
    map = mapOf(count);
    let before = map;
    patches = Array.from({ length: changes }, (_unused, at) => {
      const { buffer } = patchOf(before, at + 2, Math.floor(count / 100));
      before = patchPoolMap(before, decodePoolMapPatch(buffer));
      return buffer;
    });
  },
  first: async (name: DrawingName): Promise<void> => {
    if (!map) return;
    drawing = drawings[name]();
    drawing.draw(map);
    await drawn();
  },
  /** What any frame costs a page that does nothing: as many as `change` takes. */
  rest: async (times: number): Promise<void> => {
    for (let each = 0; each < times; each += 1) await frame();
    await drawn();
  },
  /** A frame each: from the bytes that came to the picture. */
  change: async (times: number): Promise<void> => {
    for (const bytes of patches.splice(0, times)) {
      if (!map || !drawing) return;
      const patch = decodePoolMapPatch(bytes);
      map = patchPoolMap(map, patch);
      drawing.change(map, patch.row);
      await frame();
    }
    await drawn();
  },
  /** Milliseconds of one. */
  hover: (times: number): number => {
    const start = performance.now();
    let found = 0;
    for (let at = 0; at < times; at += 1)
      if (drawing?.hit((at * 37) % side, (at * 101) % side) !== null) found += 1;
    // What is never looked at may never be computed.
    if (found === 0) throw new Error("nothing was hit");
    return (performance.now() - start) / times;
  },
  /** From the whole map to sixteen times its size, and across it: the time from frame to frame. */
  travel: async (frames: number): Promise<readonly number[]> => {
    const times: number[] = [];
    let last = await drawn();
    for (let at = 0; at < frames; at += 1) {
      const half = frames / 2;
      const zoom = at < half ? 16 ** (at / half) : 16;
      const along = at < half ? 0 : ((at - half) / half) * (side - side / 16);
      drawing?.look(zoom, along, along);
      const now = await frame();
      times.push(now - last);
      last = now;
    }
    return times;
  },
};
export type MapBench = typeof bench;
Object.assign(globalThis, { bench });
