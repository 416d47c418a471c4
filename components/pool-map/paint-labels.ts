import { visible } from "./camera.ts";
import { type Geometry, offset } from "./geometry.ts";
import { cellOfRow } from "./grid.ts";
import type { Ink } from "./ink.ts";
import { columnLabels, rowLabel } from "./labels.ts";
import { visibleText } from "../ui/visible-text.ts";
import { mono, sans } from "./paint-cell.ts";
import { type Frame, pitchOf, type Scene, type Spot } from "./scene.ts";

/** Labels stand at least so far apart that they do not touch. */
const lineStep = 13;
const columnStep = 26;

/** Labels of what is in the pane; those of the line and column of `bold` are bold. */
export function paintLabels(ink: Ink, frame: Frame, bold: Spot | null): void {
  const { geometry, margin } = frame.scene;
  const at = bold === null ? null : cellOfRow(geometry.grid, bold.row);
  ink.context.textBaseline = "middle";
  ink.context.textAlign = "left";
  if (geometry.grid.kind === "node") paintHeads(ink, frame, at);
  if (margin.left > 0) paintLines(ink, frame, at?.line ?? -1);
  if (margin.top > 0) paintColumns(ink, frame, at?.column ?? -1);
  if (geometry.pitch === 1 && pitchOf(frame) < 6) paintParts(ink, frame);
}

function write(ink: Ink, text: string, x: number, y: number, strong: boolean, font = mono): void {
  ink.context.font = `${strong ? 600 : 400} 11px ${font}`;
  ink.context.fillStyle = ink.palette(strong ? "text" : "text2");
  ink.context.fillText(text, x, y);
}

function paintLines(ink: Ink, frame: Frame, bold: number): void {
  const { camera, size } = frame;
  const { geometry, margin, map } = frame.scene;
  const pitch = pitchOf(frame);
  const { top, bottom } = visible(camera, geometry, size);
  const every = Math.max(1, Math.ceil(lineStep / pitch));
  for (let line = top; line <= bottom; line += 1) {
    if (line % every !== 0 && line !== bold) continue;
    const y = margin.top + (offset(geometry, line) - camera.y) * camera.zoom + (pitch - 2) / 2;
    if (y < margin.top || y > margin.top + size.height) continue;
    const text = rowLabel(map, geometry.grid, line);
    write(
      ink,
      fitted(ink, text, margin.left - 10, mono),
      0,
      Math.min(y, margin.top + size.height - 6),
      line === bold,
    );
  }
}

function paintColumns(ink: Ink, frame: Frame, bold: number): void {
  const { camera, size } = frame;
  const { geometry, margin, map } = frame.scene;
  const labels = columnLabels(map, geometry.grid);
  const current = labels.findLast((label) => label.column <= bold);
  let free = Number.NEGATIVE_INFINITY;
  for (const label of labels) {
    const x = margin.left + (offset(geometry, label.column) - camera.x) * camera.zoom;
    if (x < margin.left - 1 || x > margin.left + size.width - 8 || x < free) continue;
    free = x + columnStep;
    write(ink, label.text, x, margin.top - 11, bold >= 0 && label === current);
  }
}

/** A node's name above its blocks, as far as there is room. */
function paintHeads(ink: Ink, frame: Frame, at: { line: number; column: number } | null): void {
  const { camera, size } = frame;
  const { geometry, margin } = frame.scene;
  const pitch = pitchOf(frame);
  if (pitch < 11) return;
  for (const head of geometry.grid.heads) {
    const x = margin.left + (offset(geometry, head.column) - camera.x) * camera.zoom;
    const y = margin.top + (offset(geometry, head.row) - camera.y + geometry.pitch / 2) * camera.zoom;
    const width = head.columns * pitch - 4;
    if (y < margin.top - pitch || y > margin.top + size.height || x + width < 0 || x > size.width) continue;
    const strong = at !== null && isUnder(geometry, head, at);
    const font = head.isNode ? mono : sans;
    ink.context.font = `${strong ? 600 : 400} 11px ${font}`;
    const text = head.isNode ? visibleText(head.text) : `${head.text} ${head.blocks.toLocaleString("en-US")}`;
    write(ink, fitted(ink, text, width, font), x, y, strong, font);
  }
}

function isUnder(
  { grid }: Geometry,
  head: Geometry["grid"]["heads"][number],
  { line, column }: { line: number; column: number },
): boolean {
  if (line <= head.row || column < head.column || column >= head.column + head.columns) return false;
  return !grid.heads.some(
    (other) => other.row > head.row && other.row < line && other.column === head.column,
  );
}

/** The text, cut in the middle with … to the width: names of nodes differ at their ends. */
function fitted({ context }: Ink, text: string, width: number, font: string): string {
  if (!context.font.includes(font.slice(1, 8))) context.font = `11px ${font}`;
  if (context.measureText(text).width <= width) return text;
  const letter = context.measureText("0").width || 6;
  const letters = Math.max(3, Math.floor(width / letter));
  const end = Math.ceil((letters - 1) / 2);
  return `${text.slice(0, letters - 1 - end)}…${text.slice(-end)}`;
}

/** On a map of one pixel a block: each quarter's CIDR, and lines between them. */
function paintParts(ink: Ink, frame: Frame): void {
  const { camera, size } = frame;
  const { geometry, margin, map } = frame.scene;
  const { grid } = geometry;
  const pitch = pitchOf(frame);
  if (grid.kind === "node" || map.slot !== null || size.width < 300 || size.height < 120) return;
  const { context, palette } = ink;
  const [wide, high] = [grid.columns * pitch, grid.rows * pitch];
  const isSquare = grid.kind === "hilbert" && grid.columns === grid.rows;
  for (const quarter of [0, 1, 2, 3]) {
    const first = Math.floor((map.header.rows * quarter) / 4);
    const rows = grid.kind === "hilbert" ? quarterCorner(frame.scene, quarter) : cellOfRow(grid, first);
    const x = Math.round(margin.left + (rows.column - camera.x) * camera.zoom);
    const y = Math.round(margin.top + (rows.line - camera.y) * camera.zoom);
    if (x < margin.left - 1 || y < margin.top - 1 || x > size.width || y > size.height) continue;
    context.fillStyle = palette("text3");
    if (rows.line > 0) context.fillRect(x, y, isSquare ? wide / 2 : wide, 1);
    if (rows.column > 0) context.fillRect(x, y, 1, isSquare ? high / 2 : high);
    const bits = Math.log2(map.header.rows / 4);
    const prefix = Number.isInteger(bits) ? `/${map.header.blockSize - bits}` : "";
    const text = `${rowLabel(map, { ...grid, columns: 1 }, first)}${prefix}`;
    context.font = `400 11px ${mono}`;
    const width = Math.ceil(context.measureText(text).width);
    context.fillStyle = palette("bg");
    context.fillRect(x + 8, y + 6, width + 8, 16);
    write(ink, text, x + 12, y + 14.5, false);
  }
}

/** The top left of the nth quarter of a curve: top left, bottom left, bottom right, top right; or four side by side. */
function quarterCorner({ geometry, map }: Scene, quarter: number): { column: number; line: number } {
  const { grid } = geometry;
  const from = Math.floor((map.header.rows * quarter) / 4);
  const to = Math.floor((map.header.rows * (quarter + 1)) / 4) - 1;
  const [one, other] = [cellOfRow(grid, from), cellOfRow(grid, to)];
  const halves = grid.columns === grid.rows ? 2 : null;
  if (halves === null) {
    const middle = cellOfRow(grid, Math.floor((from + to) / 2));
    return {
      column: Math.min(one.column, other.column, middle.column),
      line: Math.min(one.line, other.line, middle.line),
    };
  }
  const half = grid.columns / 2;
  return {
    column: one.column >= half && other.column >= half ? half : 0,
    line: one.line >= half && other.line >= half ? half : 0,
  };
}
