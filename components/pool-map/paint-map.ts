import { visible } from "./camera.ts";
import { rowAtCell } from "./grid.ts";
import type { Ink, Rect } from "./ink.ts";
import { slotNumber } from "./labels.ts";
import { markOf } from "./model.ts";
import { paintAddresses } from "./paint-addresses.ts";
import { paintCell, paintMark } from "./paint-cell.ts";
import { cellRect, type Frame, pitchOf, showsAddresses } from "./scene.ts";
import { dimmed } from "./pixels.ts";
import type { Texture } from "./texture.ts";

/** The whole map as one picture, a pixel a block, enlarged or reduced. `scale`: canvas pixels for a pixel of the page. */
export function paintTexture(ink: Ink, frame: Frame, texture: Texture, scale: number): void {
  const { scene, camera } = frame;
  const { columns, rows } = scene.geometry.grid;
  if (columns === 0 || rows === 0) return;
  const { context } = ink;
  const pitch = pitchOf(frame);
  context.imageSmoothingEnabled = pitch * scale < 1;
  context.drawImage(
    texture.canvas,
    scene.margin.left - camera.x * camera.zoom,
    scene.margin.top - camera.y * camera.zoom,
    columns * pitch,
    rows * pitch,
  );
}

/** The blocks in the pane one by one, enlarged to their addresses where there is room. Returns the rows of these. */
export function paintBlocks(ink: Ink, frame: Frame): readonly number[] {
  const { scene, camera, size } = frame;
  const { geometry, colouring, map, filter } = scene;
  const { grid } = geometry;
  const { context } = ink;
  const { left, right, top, bottom } = visible(camera, geometry, size);
  const isEnlarged = showsAddresses(frame);
  const enlarged: number[] = [];
  for (let line = top; line <= bottom; line += 1) {
    for (let column = left; column <= right; column += 1) {
      const row = grid.rowAt[line * grid.columns + column] ?? -1;
      const key = row < 0 ? undefined : colouring.keys[colouring.classes[row] ?? 0];
      if (!key) continue;
      const rect = cellRect(frame, column, line);
      context.globalAlpha = filter === null || filter.has(row) ? 1 : dimmed;
      if (isEnlarged) enlarged.push(row);
      const inside = isEnlarged ? (scene.addresses?.(row) ?? null) : null;
      if (inside) {
        const { capacity } = map.header;
        paintAddresses(ink, inside, { ...scene, ...slotNumber(map, row), row, capacity, rect });
        continue;
      }
      paintCell(ink, key, rect, key.look === "hatch" ? joined(frame, column, line, rect) : rect);
      const mark = markOf(map.flags[row] ?? 0);
      if (mark !== null && key.look !== "hatch") paintMark(ink, mark, rect);
    }
  }
  context.globalAlpha = 1;
  return enlarged;
}

/** The rectangle up to the neighbours at the right and below where these are reserved as well. */
function joined(frame: Frame, column: number, line: number, rect: Rect): Rect {
  const { geometry, colouring } = frame.scene;
  const keyAt = (x: number, y: number) => {
    const row = rowAtCell(geometry.grid, x, y);
    return row === null ? null : colouring.classes[row];
  };
  const own = keyAt(column, line);
  const next = cellRect(frame, column + 1, line + 1);
  return {
    ...rect,
    width: keyAt(column + 1, line) === own ? next.x - rect.x : rect.width,
    height: keyAt(column, line + 1) === own ? next.y - rect.y : rect.height,
  };
}
