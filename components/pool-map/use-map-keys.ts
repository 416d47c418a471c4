import type { PoolMap } from "@/lib/contract/pool-map.ts";
import { type Camera, kept, middleRow, showing, type Size, zoomedAt } from "./camera.ts";
import type { CameraStore } from "./camera-store.ts";
import { arrowStep, cellOfRow, neighbour, rowAtCell } from "./grid.ts";
import type { MapPane } from "./pane.ts";
import { type Scene, showsAddresses, type Spot } from "./scene.ts";

interface Options {
  readonly map: PoolMap;
  readonly scene: Scene;
  readonly store: CameraStore;
  readonly home: Camera;
  readonly pane: MapPane | null;
  /** What the keyboard or the selection is at. */
  readonly at: Spot | null;
  readonly cursor: Spot | null;
  readonly onCursor: (spot: Spot | null) => void;
  readonly move: (camera: Camera) => void;
  readonly onOpen: (spot: Spot) => void;
  readonly onEscape: () => void;
}

const zoomSteps: Readonly<Record<string, number>> = { "+": 2, "=": 2, "-": 0.5, "−": 0.5 };

/** What keys do on the map. */
export function useMapKeys(options: Options): (event: React.KeyboardEvent) => void {
  const { scene, store, home, pane, at, cursor, onCursor, move, onOpen, onEscape } = options;
  return (event) => {
    const camera = store.get();
    if (!pane || !camera || event.ctrlKey || event.metaKey || event.altKey) return;
    const start = at ?? startSpot(camera, scene, pane.size);
    const handled = () => {
      event.preventDefault();
      event.stopPropagation();
    };
    const bringIn = (row: number) => {
      const current = store.get();
      if (!current) return;
      const shown = showing(current, scene.geometry, pane.size, row);
      if (shown.x !== current.x || shown.y !== current.y) store.set(kept(shown, scene.geometry, pane.size));
    };
    const factor = zoomSteps[event.key];
    if (factor !== undefined) {
      const rect = at === null ? null : pane.rectOf(at);
      const { left, top } = scene.margin;
      const x = rect ? rect.x + rect.width / 2 - left : pane.size.width / 2;
      const y = rect ? rect.y + rect.height / 2 - top : pane.size.height / 2;
      move(zoomedAt(camera, camera.zoom * factor, x, y));
      if (at !== null) bringIn(at.row);
      return handled();
    }
    if (event.key === "0") {
      move(home);
      return handled();
    }
    if (event.key === "Enter" || event.key === " ") {
      if (start) onOpen(start);
      return handled();
    }
    if (event.key === "Escape") {
      if (cursor !== null || at !== null) {
        onCursor(null);
        onEscape();
      } else if (camera !== home) move(home);
      return handled();
    }
    if (!start) return;
    const next = at === null ? start : nextSpot(scene, pane, start, event.key);
    if (next === null || (arrowStep(event.key) === null && event.key !== "Home" && event.key !== "End"))
      return;
    onCursor(next);
    bringIn(next.row);
    handled();
  };
}

function startSpot(camera: Camera, scene: Scene, size: Size): Spot | null {
  const whole = camera.x === 0 && camera.y === 0;
  const row = whole ? 0 : middleRow(camera, scene.geometry, size);
  return row === null || scene.map.header.rows === 0 ? null : { row, ordinal: null };
}

/** Where a key leads: from block to block, or from address to address while these are shown. */
function nextSpot(scene: Scene, pane: MapPane, from: Spot, key: string): Spot | null {
  const step = arrowStep(key);
  const isEnlarged = pane.frame !== null && showsAddresses(pane.frame);
  if (!isEnlarged || step === null || Math.abs(step[1]) > 1) {
    const row = neighbour(scene.geometry.grid, from.row, key);
    return row === null ? null : { row, ordinal: isEnlarged ? (from.ordinal ?? 0) : null };
  }
  const { sub, geometry } = scene;
  // Whoever comes from a whole block enters it at its first address.
  if (from.ordinal === null) return { row: from.row, ordinal: 0 };
  const place = sub.placeOf(from.row, from.ordinal);
  const { column, line } = cellOfRow(geometry.grid, from.row);
  const x = column * sub.columns + (place % sub.columns) + step[0];
  const y = line * sub.rows + Math.floor(place / sub.columns) + step[1];
  const row = rowAtCell(geometry.grid, Math.floor(x / sub.columns), Math.floor(y / sub.rows));
  if (row === null) {
    const beyond = neighbour(geometry.grid, from.row, key);
    return beyond === null || beyond === from.row ? from : { row: beyond, ordinal: from.ordinal };
  }
  return { row, ordinal: sub.ordinalAt(row, (y % sub.rows) * sub.columns + (x % sub.columns)) };
}
