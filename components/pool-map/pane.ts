import { type Camera, type Hit, hitAt, type Size } from "./camera.ts";
import { Fades } from "./fades.ts";
import { type Ink, inkOf, type Palette, type Rect } from "./ink.ts";
import { addressRect } from "./paint-addresses.ts";
import { paintLabels } from "./paint-labels.ts";
import { paintBlocks, paintTexture } from "./paint-map.ts";
import { cellRect, cellsFrom, type Frame, pitchOf, type Scene, showsAddresses, type Spot } from "./scene.ts";
import { Texture } from "./texture.ts";

/** What is marked on the map. */
export interface Marked {
  readonly hover: Spot | null;
  /** The selected block, or the place that the keyboard is at. */
  readonly at: Spot | null;
  /** What another pane shows, in rows of the map; null: there is none. */
  readonly window: ((pane: MapPane) => readonly Rect[]) | null;
}

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
  private inks: { readonly cells: Ink; readonly marks: Ink } | null = null;
  private marked: Marked = nothing;
  private total: Size = { width: 0, height: 0 };
  private ratio = 1;
  private request = 0;
  private staleCells = true;
  private staleMarks = true;

  constructor(cells: HTMLCanvasElement, marks: HTMLCanvasElement) {
    this.cells = cells;
    this.marks = marks;
  }

  /** The part of the canvases that the map itself takes. */
  get size(): Size {
    const { left, top } = this.scene?.margin ?? { left: 0, top: 0 };
    return { width: Math.max(0, this.total.width - left), height: Math.max(0, this.total.height - top) };
  }

  /** What is drawn, and from where; null before there is anything to draw. */
  get frame(): Frame | null {
    return this.scene && { scene: this.scene, camera: this.camera, size: this.size };
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
    if (fade && before?.geometry.grid === scene.geometry.grid) {
      this.fades.begin(before, scene, performance.now());
    }
    this.staleCells = true;
    this.staleMarks ||= !before || !isLabelledAlike(before, scene);
    this.schedule();
  }

  look(camera: Camera): void {
    const { x, y, zoom } = this.camera;
    if (x === camera.x && y === camera.y && zoom === camera.zoom) return;
    this.camera = camera;
    this.invalidate();
  }

  mark(marked: Marked): void {
    this.marked = marked;
    this.staleMarks = true;
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
    const frame = { scene, camera: this.camera, size: this.size };
    const ordinal = showsAddresses(frame) ? sub.ordinalAt(hit.row, place) : null;
    return { ...hit, spot: { row: hit.row, ordinal } };
  }

  /** Where a block, or its address, is drawn on the canvases; null before there is anything to draw. */
  rectOf({ row, ordinal }: Spot): Rect | null {
    const { frame } = this;
    const place = frame?.scene.geometry.grid.placeOf[row];
    if (!frame || place === undefined) return null;
    const { sub, geometry } = frame.scene;
    const rect = cellRect(frame, place % geometry.grid.columns, Math.floor(place / geometry.grid.columns));
    return ordinal === null ? rect : addressRect(sub, sub.placeOf(row, ordinal), rect);
  }

  /** `tell` hears after each frame which rows are drawn as addresses; none while blocks are too small for that. */
  onAddresses(tell: (rows: readonly number[]) => void): void {
    this.tellAddresses = tell;
  }

  /** Draws all of it anew, at once. */
  redraw(): void {
    this.invalidate();
    this.paint();
  }

  dispose(): void {
    cancelAnimationFrame(this.request);
    this.request = 0;
  }

  private invalidate(): void {
    this.staleCells = true;
    this.staleMarks = true;
    this.schedule();
  }

  private schedule(): void {
    if (this.request === 0) this.request = requestAnimationFrame(() => this.paint());
  }

  /** Draws what is to be drawn, at once. */
  paint(): void {
    cancelAnimationFrame(this.request);
    this.request = 0;
    const { frame } = this;
    if (!frame || this.total.width === 0) return;
    const inks = (this.inks ??= this.freshInks(frame.scene.palette));
    if (!inks) return;
    if (this.staleCells) {
      this.staleCells = false;
      const rows = this.paintCells(frame, inks.cells);
      this.tellAddresses(rows);
    }
    // What changes in a map is mostly its cells: labels and rings above them take as long again.
    if (!this.staleMarks && !this.fades.running) return;
    this.staleMarks = false;
    this.paintMarks(frame, inks.marks);
    if (this.fades.running) this.schedule();
  }

  private freshInks(palette: Palette) {
    const [cells, marks] = [this.cells.getContext("2d"), this.marks.getContext("2d")];
    if (!cells || !marks) return null;
    for (const context of [cells, marks]) context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    return { cells: inkOf(cells, palette, this.ratio), marks: inkOf(marks, palette, this.ratio) };
  }

  /** The rows that are drawn as addresses. */
  private paintCells(frame: Frame, ink: Ink): readonly number[] {
    const { context } = ink;
    const { scene, size } = frame;
    context.clearRect(0, 0, this.total.width, this.total.height);
    context.save();
    context.beginPath();
    context.rect(scene.margin.left, scene.margin.top, size.width, size.height);
    context.clip();
    let rows: readonly number[] = [];
    if (pitchOf(frame) >= cellsFrom) rows = paintBlocks(ink, frame);
    else {
      this.texture.show({ ...scene, grid: scene.geometry.grid });
      paintTexture(ink, frame, this.texture, this.ratio);
    }
    context.restore();
    return rows;
  }

  private paintMarks(frame: Frame, ink: Ink): void {
    const { context } = ink;
    const { scene } = frame;
    const { hover, at, window } = this.marked;
    context.clearRect(0, 0, this.total.width, this.total.height);
    paintLabels(ink, frame, hover ?? at);
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
    const { frame } = this;
    if (rect && frame) ring(ink, rect, width, pitchOf(frame) >= cellsFrom ? 1 : 3);
  }
}

/** Whether labels and rings look the same in both. */
function isLabelledAlike(one: Scene, other: Scene): boolean {
  return (
    one.geometry === other.geometry &&
    one.sub === other.sub &&
    one.palette === other.palette &&
    one.margin.left === other.margin.left &&
    one.margin.top === other.margin.top &&
    one.map.slot === other.map.slot &&
    one.map.header.cidr === other.map.header.cidr
  );
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
