import type { PoolMap } from "@/lib/contract/pool-map.ts";
import { AddressError } from "@/lib/ipam/address.ts";
import { anchoredOn, anchorRow, type Camera, hitAt, kept, type Size, withinLimits } from "./camera.ts";
import { ordinalOf, rowOf, slotName } from "./model.ts";
import { areAddressesShown } from "./scene.ts";
import { subGridOf } from "./sub-grid.ts";
import type { MapView } from "./use-map-view.ts";
import { addressText } from "./words.ts";

/** The part of the pane that the map itself takes. */
export function paneSize({ size, margin }: MapView): Size {
  return { width: size.width - margin.left, height: size.height - margin.top };
}

/** A camera as it stands in the address bar, where it means the same in a window of another size. */
export interface Place {
  /** What is in the middle: a block (`10.64.3.0/26`), or where addresses are shown one of these (`10.64.3.7`). */
  readonly at: string | null;
  /** Pixels that a block takes. */
  readonly zoom: string | null;
}

/** The place of a camera; null both when the map is at home. */
export function placeOf(map: PoolMap, view: MapView, camera: Camera): Place {
  const { explore, home } = view;
  const pane = paneSize(view);
  const near = (one: number, other: number) => Math.abs(one - other) < 0.5 / camera.zoom;
  const isHome =
    near(camera.x, home.x) && near(camera.y, home.y) && Math.abs(camera.zoom / home.zoom - 1) < 0.01;
  if (isHome) return { at: null, zoom: null };
  const row = anchorRow(camera, explore, pane);
  if (row === null) return { at: null, zoom: null };
  const at = middleAddress(map, view, camera) ?? slotName(map, row).cidr;
  return { at, zoom: String(Number((camera.zoom * explore.pitch).toFixed(1))) };
}

/** The camera that a place asks for, as far as the map can be enlarged; null: none, or none that is one. */
export function cameraFrom(map: PoolMap, view: MapView, { at, zoom }: Place): Camera | null {
  const pixels = Number(zoom);
  if (at === null || zoom === null || !Number.isFinite(pixels) || pixels <= 0) return null;
  try {
    const row = rowOf(map, at.includes("/") ? at : `${at}/${map.header.blockSize}`);
    if (row === null) return null;
    const { explore, home } = view;
    const pane = paneSize(view);
    const sub = subGridOf(map.header, explore.grid);
    const enlarged = withinLimits(pixels / explore.pitch, home, explore, pane, sub.columns);
    const camera = anchoredOn(explore, pane, enlarged, row);
    const ordinal = at.includes("/") ? null : ordinalOf(map, row, at);
    if (ordinal === null) return kept(camera, explore, pane);
    const place = sub.placeOf(row, ordinal);
    const inCell = {
      zoom: enlarged,
      x: camera.x + ((place % sub.columns) / sub.columns) * explore.pitch,
      y: camera.y + (Math.floor(place / sub.columns) / sub.rows) * explore.pitch,
    };
    return kept(inCell, explore, pane);
  } catch (error) {
    if (error instanceof AddressError) return null;
    throw error;
  }
}

/** So that whoever comes from a place is at the same one again. */
const rounding = 0.01;

/** The address in the middle; null where addresses are not shown, or none is there. */
function middleAddress(map: PoolMap, view: MapView, camera: Camera): string | null {
  const { explore } = view;
  const sub = subGridOf(map.header, explore.grid);
  if (!areAddressesShown(explore.pitch * camera.zoom, sub)) return null;
  const { width, height } = paneSize(view);
  const hit = hitAt(camera, explore, width / 2, height / 2);
  if (hit === null) return null;
  const among = (share: number, many: number) => Math.min(many - 1, Math.floor(share * many + rounding));
  const place = among(hit.down, sub.rows) * sub.columns + among(hit.across, sub.columns);
  return addressText(map, hit.row, sub.ordinalAt(hit.row, place));
}
