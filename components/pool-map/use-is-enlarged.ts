import { useSyncExternalStore } from "react";
import type { CameraStore } from "./camera-store.ts";
import type { MapView } from "./use-map-view.ts";

/** Whether the map is larger than at home; renders only when that changes. */
export function useIsEnlarged(store: CameraStore, { home }: MapView): boolean {
  return useSyncExternalStore(
    store.subscribe,
    () => (store.get()?.zoom ?? home.zoom) > home.zoom * 1.01,
    () => false,
  );
}
