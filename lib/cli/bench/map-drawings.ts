import { hitAt, kept, type Size, wholeMap, zoomedAt } from "@/components/pool-map/camera.ts";
import { colour, Colourer } from "@/components/pool-map/colouring.ts";
import { denseGeometry } from "@/components/pool-map/geometry.ts";
import { hilbertGrid } from "@/components/pool-map/grid.ts";
import { paletteOf } from "@/components/pool-map/ink.ts";
import { MapPane } from "@/components/pool-map/pane.ts";
import type { Scene } from "@/components/pool-map/scene.ts";
import { subGridOf } from "@/components/pool-map/sub-grid.ts";
import { tokens } from "@/components/theme/tokens.ts";
import type { PoolMap } from "@/lib/contract/pool-map.ts";

/** One way to draw the same blocks. Runs in the browser. */
export interface Drawing {
  readonly draw: (map: PoolMap) => void;
  /** Draws what differs from the map before: these rows. */
  readonly change: (map: PoolMap, rows: Uint32Array) => void;
  /** Row at a point of the page. */
  readonly hit: (x: number, y: number) => number | null;
  /** Shows the map enlarged by `zoom`, `x` and `y` pixels of it at the top left. */
  readonly look: (zoom: number, x: number, y: number) => void;
}

export const side = 512;
const pane: Size = { width: side, height: side };

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
  const colourer = new Colourer();
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
      colouring: colourer.colour(map, "use", 0),
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
      // As one: hundreds of thousands are too many arguments.
      const all = document.createDocumentFragment();
      for (const rect of rects) all.append(rect);
      svg.append(all);
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
      const all = document.createDocumentFragment();
      for (const row of grid.rowAt) all.append(divs[row] ?? "");
      box.append(all);
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

export const drawings = { canvas: canvasDrawing, svg: svgDrawing, dom: domDrawing } as const;
export type DrawingName = keyof typeof drawings;
