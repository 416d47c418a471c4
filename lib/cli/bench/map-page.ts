import { hitAt, kept, type Size, wholeMap, zoomedAt } from "@/components/pool-map/camera.ts";
import { colour } from "@/components/pool-map/colouring.ts";
import { denseGeometry } from "@/components/pool-map/geometry.ts";
import { hilbertGrid } from "@/components/pool-map/grid.ts";
import { paletteOf } from "@/components/pool-map/ink.ts";
import { MapPane } from "@/components/pool-map/pane.ts";
import type { Scene } from "@/components/pool-map/scene.ts";
import { subGridOf } from "@/components/pool-map/sub-grid.ts";
import { tokens } from "@/components/theme/tokens.ts";
import type { PoolMap } from "@/lib/contract/pool-map.ts";

/** One way to draw the same blocks. Runs in the browser; `map-case.ts` calls it and measures. */
interface Drawing {
  readonly draw: (map: PoolMap) => void;
  /** Draws what differs from the map before. */
  readonly change: (map: PoolMap, rows: readonly number[]) => void;
  /** Row at a point of the page. */
  readonly hit: (x: number, y: number) => number | null;
  /** Shows the map enlarged by `zoom`, `x` and `y` pixels of it at the top left. */
  readonly look: (zoom: number, x: number, y: number) => void;
}

const side = 512;
const pane: Size = { width: side, height: side };

/** Numbers between 0 and 1 that are the same in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

/** Half of the blocks claimed, in runs, as nodes claim them. */
function mapOf(count: number): PoolMap {
  const random = seeded(count);
  const used = new Uint8Array(count);
  for (let row = 0; row < count; row += 1) {
    const run = 1 + Math.floor(random() * 16);
    if (random() < 0.5)
      for (let at = row; at < row + run && at < count; at += 1) used[at] = 1 + Math.floor(random() * 65);
    row += run;
  }
  return {
    header: {
      version: "bench.1",
      state: "bench.1",
      pool: "bench",
      cidr: `10.0.0.0/${26 - Math.log2(count)}`,
      blockSize: 26,
      capacity: 64,
      possible: String(count),
      rows: count,
      nodes: null,
      namespaces: null,
      columns: [],
    },
    slot: null,
    used,
    flags: new Uint8Array(count),
    node: null,
    namespace: null,
    claimed: null,
    lent: null,
  };
}

/** The map with other figures in one block of a hundred. */
function changed(map: PoolMap, seed: number): { readonly map: PoolMap; readonly rows: readonly number[] } {
  const random = seeded(seed);
  const used = Uint8Array.from(map.used);
  const rows = Array.from({ length: Math.floor(map.header.rows / 100) }, () =>
    Math.floor(random() * map.header.rows),
  );
  for (const row of rows) used[row] = 1 + ((used[row] ?? 0) % 65);
  return { map: { ...map, used }, rows };
}

/** The product's own: what a pool page draws with, without React around it. */
function canvasDrawing(): Drawing {
  const cells = document.createElement("canvas");
  const marks = document.createElement("canvas");
  for (const canvas of [cells, marks])
    canvas.style.cssText = `position:absolute;width:${side}px;height:${side}px`;
  document.body.append(cells, marks);
  const drawer = new MapPane(cells, marks);
  drawer.resize(pane, 1);
  const palette = paletteOf("light");
  let scene: Scene | null = null;
  const show = (map: PoolMap) => {
    const geometry = scene?.geometry ?? denseGeometry(hilbertGrid(map.header.rows));
    const sub = scene?.sub ?? subGridOf(map.header, geometry.grid);
    const margin = { left: 0, top: 0 };
    const first = scene === null;
    scene = {
      map,
      geometry,
      sub,
      colouring: colour(map, "use", 0),
      palette,
      filter: null,
      addresses: null,
      margin,
    };
    drawer.show(scene, false);
    if (first) drawer.look(wholeMap(geometry, pane, true));
    drawer.paint();
  };
  return {
    draw: show,
    change: show,
    hit: (x, y) => (scene ? (hitAt(drawer.camera, scene.geometry, x, y)?.row ?? null) : null),
    look: (zoom, x, y) => {
      if (!scene) return;
      const whole = wholeMap(scene.geometry, pane, true);
      drawer.look(
        kept(
          { ...zoomedAt(whole, whole.zoom * zoom, 0, 0), x: x / whole.zoom, y: y / whole.zoom },
          scene.geometry,
          pane,
        ),
      );
      drawer.paint();
    },
  };
}

function fillsOf(map: PoolMap): (row: number) => string {
  const { classes, keys } = colour(map, "use", 0);
  return (row) => {
    const key = keys[classes[row] ?? 0];
    return key && key.look !== "dot" ? tokens[key.fill][0] : "#fff";
  };
}

/** A `rect` a block, the same place and colour. */
function svgDrawing(): Drawing {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("width", String(side));
  svg.setAttribute("height", String(side));
  document.body.append(svg);
  const rects: SVGRectElement[] = [];
  let columns = 1;
  return {
    draw: (map) => {
      const grid = hilbertGrid(map.header.rows);
      const fill = fillsOf(map);
      ({ columns } = grid);
      svg.setAttribute("viewBox", `0 0 ${columns} ${grid.rows}`);
      for (let row = 0; row < map.header.rows; row += 1) {
        const rect = document.createElementNS(space, "rect");
        const place = grid.placeOf[row] ?? 0;
        rect.setAttribute("x", String(place % columns));
        rect.setAttribute("y", String(Math.floor(place / columns)));
        rect.setAttribute("width", "1");
        rect.setAttribute("height", "1");
        rect.setAttribute("fill", fill(row));
        rect.dataset["row"] = String(row);
        rects.push(rect);
      }
      svg.append(...rects);
    },
    change: (map, rows) => {
      const fill = fillsOf(map);
      for (const row of rows) rects[row]?.setAttribute("fill", fill(row));
    },
    hit: rowUnder,
    look: (zoom, x, y) => {
      const unit = columns / side;
      svg.setAttribute("viewBox", `${x * unit} ${y * unit} ${columns / zoom} ${columns / zoom}`);
    },
  };
}

/** A `div` a block in a CSS grid. */
function domDrawing(): Drawing {
  const frame = document.createElement("div");
  frame.style.cssText = `position:relative;width:${side}px;height:${side}px;overflow:hidden`;
  const box = document.createElement("div");
  frame.append(box);
  document.body.append(frame);
  const divs: HTMLDivElement[] = [];
  return {
    draw: (map) => {
      const grid = hilbertGrid(map.header.rows);
      const fill = fillsOf(map);
      const cell = side / grid.columns;
      box.style.cssText = `display:grid;transform-origin:0 0;grid-template-columns:repeat(${grid.columns},${cell}px);grid-auto-rows:${cell}px`;
      for (const row of grid.rowAt) {
        const div = document.createElement("div");
        div.style.backgroundColor = fill(row);
        div.dataset["row"] = String(row);
        divs[row] = div;
      }
      box.append(...Array.from(grid.rowAt, (row) => divs[row] ?? ""));
    },
    change: (map, rows) => {
      const fill = fillsOf(map);
      for (const row of rows) {
        const div = divs[row];
        if (div) div.style.backgroundColor = fill(row);
      }
    },
    hit: rowUnder,
    look: (zoom, x, y) => (box.style.transform = `scale(${zoom}) translate(${-x}px, ${-y}px)`),
  };
}

function rowUnder(x: number, y: number): number | null {
  const element = document.elementFromPoint(x, y);
  const row =
    element instanceof HTMLElement || element instanceof SVGElement ? element.dataset["row"] : undefined;
  return row === undefined ? null : Number(row);
}

const drawings = { canvas: canvasDrawing, svg: svgDrawing, dom: domDrawing } as const;
export type DrawingName = keyof typeof drawings;

let drawing: Drawing | null = null;
let map: PoolMap | null = null;

/** Two frames: the first has been drawn by then. */
const drawn = () =>
  new Promise<number>((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));

/** What `map-case.ts` calls; each answers in milliseconds of script, and returns once the browser has drawn. */
const bench = {
  prepare: (count: number) => {
    document.body.style.margin = "0";
    map = mapOf(count);
  },
  first: async (name: DrawingName): Promise<number> => {
    if (!map) return Number.NaN;
    const start = performance.now();
    drawing = drawings[name]();
    drawing.draw(map);
    const script = performance.now() - start;
    await drawn();
    return script;
  },
  change: async (seed: number): Promise<number> => {
    if (!map || !drawing) return Number.NaN;
    const next = changed(map, seed);
    const start = performance.now();
    drawing.change(next.map, next.rows);
    const script = performance.now() - start;
    map = next.map;
    await drawn();
    return script;
  },
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
    for (let frame = 0; frame < frames; frame += 1) {
      const half = frames / 2;
      const zoom = frame < half ? 16 ** (frame / half) : 16;
      const along = frame < half ? 0 : ((frame - half) / half) * (side - side / 16);
      drawing?.look(zoom, along, along);
      const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
      times.push(now - last);
      last = now;
    }
    return times;
  },
};
export type MapBench = typeof bench;
Object.assign(globalThis, { bench });
