import { useEffect, useRef } from "react";
import type { PoolMap } from "@/lib/contract/pool-map.ts";
import { AddressError } from "@/lib/ipam/address.ts";
import { useUrlState } from "../ui/use-url-state.ts";
import { anchoredOn, anchorRow, type Camera, kept, type Size } from "./camera.ts";
import type { CameraStore } from "./camera-store.ts";
import { rowOf, slotName } from "./model.ts";
import type { MapView } from "./use-map-view.ts";

/** How long the map lies still before its place goes into the address bar, in milliseconds. */
const settleMs = 250;

/**
 * Keeps the camera of a map in the address bar as the block in the middle (`?at=10.64.3.0/26`) and the pixels a block takes
 * (`?zoom=64`), which mean the same in a window of another size. Without them the map is at home.
 */
export function useMapCamera(store: CameraStore, map: PoolMap, view: MapView): void {
  const { params, set } = useUrlState();
  const [at, zoom] = [params.get("at"), params.get("zoom")];
  const pane = paneSize(view);
  const latest = useRef({ map, view, at, zoom, set });
  const applied = useRef<Applied | null>(null);
  useEffect(() => {
    latest.current = { map, view, at, zoom, set };
    const { grid } = view.explore;
    const next = { place: placeText(at, zoom), kind: grid.kind, width: pane.width, height: pane.height };
    const before = applied.current;
    applied.current = next;
    const camera = store.get();
    const isSame = before !== null && before.kind === next.kind && before.width === next.width;
    if (camera && isSame && before.place === next.place) {
      // Owners have changed, and with them where blocks lie: whoever looks at a part goes on looking there.
      if (before.height !== next.height || next.place !== nowhere)
        store.set(kept(camera, view.explore, pane));
      return;
    }
    store.set(cameraFrom(map, view, at, zoom) ?? view.home);
  });
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const leave = store.subscribe(() => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const camera = store.get();
        const now = latest.current;
        if (!camera || !applied.current) return;
        const next = placeOf(now.map, now.view, camera);
        if (next.at === now.at && next.zoom === now.zoom) return;
        applied.current = { ...applied.current, place: placeText(next.at, next.zoom) };
        now.set(next);
      }, settleMs);
    });
    return () => {
      clearTimeout(timer);
      leave();
    };
  }, [store]);
}

/** What the camera was last set for. */
interface Applied {
  readonly place: string;
  readonly kind: string;
  readonly width: number;
  readonly height: number;
}

function placeText(at: string | null, zoom: string | null): string {
  return `${at ?? ""} ${zoom ?? ""}`;
}

const nowhere = placeText(null, null);

/** The part of the pane that the map itself takes. */
export function paneSize({ size, margin }: MapView): Size {
  return { width: size.width - margin.left, height: size.height - margin.top };
}

/** Block and zoom as they stand in the address bar; null both when the map is at home. */
function placeOf(map: PoolMap, view: MapView, camera: Camera) {
  const { explore, home } = view;
  const pane = paneSize(view);
  const near = (one: number, other: number) => Math.abs(one - other) < 0.5 / camera.zoom;
  const isHome =
    near(camera.x, home.x) && near(camera.y, home.y) && Math.abs(camera.zoom / home.zoom - 1) < 0.01;
  const row = isHome ? null : anchorRow(camera, explore, pane);
  if (row === null) return { at: null, zoom: null };
  return { at: slotName(map, row).cidr, zoom: String(Number((camera.zoom * explore.pitch).toFixed(1))) };
}

/** The camera that the address bar asks for; null: none, or none that is one. */
function cameraFrom(map: PoolMap, view: MapView, at: string | null, zoom: string | null): Camera | null {
  if (at === null || zoom === null) return null;
  const pitch = Number(zoom);
  if (!Number.isFinite(pitch) || pitch <= 0 || pitch > 4096) return null;
  try {
    const row = rowOf(map, at);
    if (row === null) return null;
    const { explore } = view;
    const pane = paneSize(view);
    return kept(anchoredOn(explore, pane, pitch / explore.pitch, row), explore, pane);
  } catch (error) {
    if (error instanceof AddressError) return null;
    throw error;
  }
}
