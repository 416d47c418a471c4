import { useEffect, useRef } from "react";
import type { PoolMap } from "@/lib/contract/pool-map.ts";
import { useUrlState } from "../ui/use-url-state.ts";
import { kept } from "./camera.ts";
import type { CameraStore } from "./camera-store.ts";
import { cameraFrom, paneSize, placeOf } from "./place.ts";
import type { MapView } from "./use-map-view.ts";

/** How long the map lies still before its place goes into the address bar, in milliseconds. */
const settleMs = 250;

/** Keeps the camera of a map in the address bar, as `?at=` and `?zoom=`. Without them the map is at home. */
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
    store.set(cameraFrom(map, view, { at, zoom }) ?? view.home);
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
        now.set({ ...next });
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
