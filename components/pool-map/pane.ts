import type { PoolMap } from "@/lib/contract/pool-map.ts";
import { type Camera, type Hit, hitAt, type Size, visible } from "./camera.ts";
import type { Colouring } from "./colouring.ts";
import { Fades } from "./fades.ts";
import type { RowFilter } from "./filter.ts";
import { type Geometry, offset } from "./geometry.ts";
import { rowAtCell } from "./grid.ts";
import { type Ink, inkOf, type Palette, type Rect } from "./ink.ts";
import { slotNumber } from "./labels.ts";
import { markOf } from "./model.ts";
import { addressRect, type BlockAddresses, paintAddresses } from "./paint-addresses.ts";
import { paintCell, paintMark } from "./paint-cell.ts";
import { paintLabels } from "./paint-labels.ts";
import type { SubGrid } from "./sub-grid.ts";
import { dimmed, Texture } from "./texture.ts";

/** What a pane shows. A new object whenever anything of it changes. */
export interface Scene {
  readonly map: PoolMap;
  readonly geometry: Geometry;
  readonly sub: SubGrid;
  readonly colouring: Colouring;
  readonly palette: Palette;
  readonly filter: RowFilter | null;
  /** The addresses of a row's block; null: not read. */
  readonly addresses: ((row: number) => BlockAddresses | null) | null;
  /** Room for labels at the left and the top, in pixels. */
  readonly margin: { readonly left: number; readonly top: number };
}

/** A block, and one of its addresses where they are shown. */
export interface Spot {
  readonly row: number;
  readonly ordinal: number | null;
}

/** What is marked on the map. */
export interface Marked {
  readonly hover: Spot | null;
  /** The selected block, or the place that the keyboard is at. */
  readonly at: Spot | null;
  /** What another pane shows, in rows of the map; null: there is none. */
  readonly window: ((pane: MapPane) => readonly Rect[]) | null;
}

/** Cells are drawn one by one from this size on; below it a block is a pixel, enlarged. */
const cellsFrom = 6;
/** Addresses are drawn from this size on. */
const addressesFrom = 7;

const nothing: Marked = { hover: null, at: null, window: null };

/**
 * Draws a part of a pool map on two canvases: cells below; labels, rings and fading above, so that hovering paints no cell.
 * Knows nothing of React. What it is told is drawn in the next frame.
 */
export class MapPane {
  camera: Camera = { x: 0, y: 0, zoom: 1 };
  private readonly cells: HTMLCanvasElement;
  private readonly marks: HTMLCanvasElement;
  private readonly texture = new Texture();
  private readonly fades = new Fades();
  private tellAddresses: (rows: readonly number[]) => void = () => {};
  private scene: Scene | null = null;
  private changed: Int32Array | null = null;
  private inks: { readonly cells: Ink; readonly marks: Ink } | null = null;
  private marked: Marked = nothing;
  private total: Size = { width: 0, height: 0 };
  private ratio = 1;
  private frame = 0;
  private staleCells = true;

  constructor(cells: HTMLCanvasElement, marks: HTMLCanvasElement) {
    this.cells = cells;
    this.marks = marks;
  }

  /** The part of the canvases that the map itself takes. */
  get size(): Size {
    const { left, top } = this.scene?.margin ?? { left: 0, top: 0 };
    return { width: Math.max(0, this.total.width - left), height: Math.max(0, this.total.height - top) };
  }

  /** Pixels from one block to the next. */
  get pitch(): number {
    return (this.scene?.geometry.pitch ?? 0) * this.camera.zoom;
  }

  get showsAddresses(): boolean {
    const { sub, map } = this.scene ?? {};
    return (
      sub !== undefined && map !== undefined && this.pitch >= addressesFrom * sub.columns && this.pitch >= 40
    );
  }

  /** `size` with margins; `ratio`: canvas pixels for a pixel of the page. */
  resize(size: Size, ratio: number): void {
    if (this.total.width === size.width && this.total.height === size.height && this.ratio === ratio) return;
    this.total = size;
    this.ratio = ratio;
    for (const canvas of [this.cells, this.marks]) {
      canvas.width = Math.round(size.width * ratio);
      canvas.height = Math.round(size.height * ratio);
    }
    this.inks = null;
    this.invalidate();
  }

  /** `fade`: blocks that changed since the last scene go over to their new colour once. */
  show(scene: Scene, fade: boolean): void {
    const before = this.scene;
    this.scene = scene;
    if (before?.palette !== scene.palette) this.inks = null;
    this.changed =
      before === null || before.geometry.grid !== scene.geometry.grid
        ? null
        : this.fades.begin(before, scene, fade ? performance.now() : null);
    this.invalidate();
  }

  look(camera: Camera): void {
    const { x, y, zoom } = this.camera;
    if (x === camera.x && y === camera.y && zoom === camera.zoom) return;
    this.camera = camera;
    this.invalidate();
  }

  mark(marked: Marked): void {
    this.marked = marked;
    this.schedule();
  }

  /** What is at a point of the canvases. */
  hit(x: number, y: number): (Hit & { readonly spot: Spot }) | null {
    const { scene } = this;
    if (!scene) return null;
    const { left, top } = scene.margin;
    if (x < left || y < top) return null;
    const hit = hitAt(this.camera, scene.geometry, x - left, y - top);
    if (!hit) return null;
    const { sub } = scene;
    const place = Math.floor(hit.down * sub.rows) * sub.columns + Math.floor(hit.across * sub.columns);
    const ordinal = this.showsAddresses ? sub.ordinalAt(hit.row, place) : null;
    return { ...hit, spot: { row: hit.row, ordinal } };
  }

  /** Where a block, or its address, is drawn on the canvases; null before there is anything to draw. */
  rectOf({ row, ordinal }: Spot): Rect | null {
    const { scene } = this;
    if (!scene) return null;
    const place = scene.geometry.grid.placeOf[row];
    if (place === undefined) return null;
    const { columns } = scene.geometry.grid;
    const rect = this.cellRect(scene, place % columns, Math.floor(place / columns));
    return ordinal === null ? rect : addressRect(scene.sub, scene.sub.placeOf(row, ordinal), rect);
  }

  /** `tell` hears after each frame which rows are drawn as addresses; none while blocks are too small for that. */
  onAddresses(tell: (rows: readonly number[]) => void): void {
    this.tellAddresses = tell;
  }

  /** Draws all of it anew, at once. */
  redraw(): void {
    this.staleCells = true;
    this.paint();
  }

  dispose(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
  }

  private invalidate(): void {
    this.staleCells = true;
    this.schedule();
  }

  private schedule(): void {
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.paint());
  }

  /** Draws what is to be drawn, at once. */
  paint(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    const { scene } = this;
    if (!scene || this.total.width === 0) return;
    const inks = (this.inks ??= this.freshInks(scene.palette));
    if (!inks) return;
    if (this.staleCells) {
      this.staleCells = false;
      const rows = this.paintCells(scene, inks.cells);
      this.tellAddresses(rows);
    }
    this.paintMarks(scene, inks.marks);
    if (this.fades.running) this.schedule();
  }

  private freshInks(palette: Palette) {
    const [cells, marks] = [this.cells.getContext("2d"), this.marks.getContext("2d")];
    if (!cells || !marks) return null;
    for (const context of [cells, marks]) context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    return { cells: inkOf(cells, palette, this.ratio), marks: inkOf(marks, palette, this.ratio) };
  }

  /** The rows that are drawn as addresses. */
  private paintCells(scene: Scene, ink: Ink): readonly number[] {
    const { context } = ink;
    context.clearRect(0, 0, this.total.width, this.total.height);
    context.save();
    const { left, top } = scene.margin;
    context.beginPath();
    context.rect(left, top, this.size.width, this.size.height);
    context.clip();
    const rows = this.pitch < cellsFrom ? this.paintTexture(scene, ink) : this.paintBlocks(scene, ink);
    context.restore();
    return rows;
  }

  private paintTexture(scene: Scene, { context }: Ink): readonly number[] {
    const { geometry, margin } = scene;
    this.texture.show({ ...scene, grid: geometry.grid }, this.changed);
    const { x, y } = this.camera;
    const { pitch } = this;
    context.imageSmoothingEnabled = pitch * this.ratio < 1;
    const { columns, rows } = geometry.grid;
    if (columns === 0 || rows === 0) return [];
    context.drawImage(
      this.texture.canvas,
      margin.left - x * this.camera.zoom,
      margin.top - y * this.camera.zoom,
      columns * pitch,
      rows * pitch,
    );
    return [];
  }

  private paintBlocks(scene: Scene, ink: Ink): readonly number[] {
    const { geometry, colouring, map, filter } = scene;
    const { grid } = geometry;
    const { context } = ink;
    const { left, right, top, bottom } = visible(this.camera, geometry, this.size);
    const isEnlarged = this.showsAddresses;
    const enlarged: number[] = [];
    for (let line = top; line <= bottom; line += 1) {
      for (let column = left; column <= right; column += 1) {
        const row = grid.rowAt[line * grid.columns + column] ?? -1;
        if (row < 0) continue;
        const key = colouring.keys[colouring.classes[row] ?? 0];
        if (!key) continue;
        const rect = this.cellRect(scene, column, line);
        context.globalAlpha = filter === null || filter(row) ? 1 : dimmed;
        if (isEnlarged) enlarged.push(row);
        const inside = isEnlarged ? (scene.addresses?.(row) ?? null) : null;
        if (inside) {
          paintAddresses(ink, inside, {
            ...scene,
            ...slotNumber(map, row),
            row,
            capacity: map.header.capacity,
            rect,
          });
          continue;
        }
        paintCell(ink, key, rect, key.look === "hatch" ? this.joined(scene, column, line, rect) : rect);
        const mark = markOf(map.flags[row] ?? 0);
        if (mark !== null && key.look !== "hatch") paintMark(ink, mark, rect);
      }
    }
    context.globalAlpha = 1;
    return enlarged;
  }

  /** A cell's rectangle on the canvas: whole pixels, a gap to the next. */
  private cellRect({ geometry, margin }: Scene, column: number, line: number): Rect {
    const { x, y, zoom } = this.camera;
    const gap = this.pitch >= 10 ? 2 : this.pitch >= 4 ? 1 : 0;
    const left = Math.round(margin.left + (offset(geometry, column) - x) * zoom);
    const top = Math.round(margin.top + (offset(geometry, line) - y) * zoom);
    const right = Math.round(margin.left + (offset(geometry, column) + geometry.pitch - x) * zoom);
    const bottom = Math.round(margin.top + (offset(geometry, line) + geometry.pitch - y) * zoom);
    return {
      x: left,
      y: top,
      width: Math.max(1, right - left - gap),
      height: Math.max(1, bottom - top - gap),
    };
  }

  /** The rectangle up to the neighbours at the right and below where these are reserved as well. */
  private joined(scene: Scene, column: number, line: number, rect: Rect): Rect {
    const { geometry, colouring } = scene;
    const own = colouring.classes[geometry.grid.rowAt[line * geometry.grid.columns + column] ?? 0];
    const reaches = (across: number, down: number) => {
      const row = rowAtCell(geometry.grid, column + across, line + down);
      return row !== null && colouring.classes[row] === own;
    };
    const next = this.cellRect(scene, column + 1, line + 1);
    return {
      ...rect,
      width: reaches(1, 0) ? next.x - rect.x : rect.width,
      height: reaches(0, 1) ? next.y - rect.y : rect.height,
    };
  }

  private paintMarks(scene: Scene, ink: Ink): void {
    const { context } = ink;
    const { hover, at, window } = this.marked;
    context.clearRect(0, 0, this.total.width, this.total.height);
    paintLabels(ink, scene, this, hover ?? at);
    context.save();
    const { left, top } = scene.margin;
    context.beginPath();
    context.rect(left - 4, top - 4, this.size.width + 8, this.size.height + 8);
    context.clip();
    this.fades.paint(ink, performance.now(), (row) => this.rectOf({ row, ordinal: null }));
    for (const rect of window?.(this) ?? []) ring(ink, rect, 2, 0);
    if (hover) this.ringAround(ink, hover, 1);
    if (at) this.ringAround(ink, at, 2);
    context.restore();
  }

  private ringAround(ink: Ink, spot: Spot, width: number): void {
    const rect = this.rectOf(spot);
    if (rect) ring(ink, rect, width, this.pitch >= cellsFrom ? 1 : 3);
  }
}

/** A ring in the text's colour around a rectangle, a line of the ground colour between them. */
function ring({ context, palette }: Ink, { x, y, width, height }: Rect, line: number, away: number): void {
  const by = away + line / 2;
  if (away > 0) {
    context.strokeStyle = palette("bg");
    context.lineWidth = away;
    context.strokeRect(x - away / 2, y - away / 2, width + away, height + away);
  }
  context.strokeStyle = palette("text");
  context.lineWidth = line;
  context.strokeRect(x - by, y - by, width + 2 * by, height + 2 * by);
}
