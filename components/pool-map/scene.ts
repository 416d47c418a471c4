import type { PoolMap } from "@/lib/contract/pool-map.ts";
import type { Camera, Size } from "./camera.ts";
import type { Colouring } from "./colouring.ts";
import type { RowFilter } from "./filter.ts";
import { type Geometry, offset } from "./geometry.ts";
import type { Palette, Rect } from "./ink.ts";
import type { BlockAddresses } from "./paint-addresses.ts";
import type { SubGrid } from "./sub-grid.ts";

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

/** A scene as it is drawn: from where, and how large. */
export interface Frame {
  readonly scene: Scene;
  readonly camera: Camera;
  /** The part of the canvas that the map itself takes. */
  readonly size: Size;
}

/** Cells are drawn one by one from this size on; below it a block is a pixel, enlarged. */
export const cellsFrom = 6;

/** Addresses are drawn once they are as large as this, and their block is. */
const addressesFrom = 7;
const enlargedFrom = 40;

/** Pixels from one block to the next. */
export function pitchOf({ scene, camera }: Frame): number {
  return scene.geometry.pitch * camera.zoom;
}

/** Whether the addresses of a block that takes so many pixels are drawn. */
export function areAddressesShown(pitch: number, sub: SubGrid): boolean {
  return pitch >= addressesFrom * sub.columns && pitch >= enlargedFrom;
}

export function showsAddresses(frame: Frame): boolean {
  return areAddressesShown(pitchOf(frame), frame.scene.sub);
}

/** A cell's rectangle on the canvas: whole pixels, a gap to the next. */
export function cellRect(frame: Frame, column: number, line: number): Rect {
  const { geometry, margin } = frame.scene;
  const { x, y, zoom } = frame.camera;
  const pitch = pitchOf(frame);
  const gap = pitch >= 10 ? 2 : pitch >= 4 ? 1 : 0;
  const left = margin.left + (offset(geometry, column) - x) * zoom;
  const top = margin.top + (offset(geometry, line) - y) * zoom;
  return {
    x: Math.round(left),
    y: Math.round(top),
    width: Math.max(1, Math.round(left + pitch) - Math.round(left) - gap),
    height: Math.max(1, Math.round(top + pitch) - Math.round(top) - gap),
  };
}
