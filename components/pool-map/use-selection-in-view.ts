import { useEffect, useRef } from "react";
import { useUrlState } from "../ui/use-url-state.ts";
import type { CameraStore } from "./camera-store.ts";
import { paneSize } from "./place.ts";
import type { MapView } from "./use-map-view.ts";
import { withRow } from "./window.ts";

/**
 * Brings the block that becomes selected elsewhere, as in the table, into the map's pane. A link that says where the map is
 * looked at is followed as it is. Goes after `useMapCamera`, which takes another layout home.
 */
export function useSelectionInView(
  store: CameraStore,
  view: MapView,
  row: number | null,
  isLaidOut: boolean,
): void {
  const { params } = useUrlState();
  const isPlaced = params.get("at") !== null;
  const { kind } = view.explore.grid;
  const shown = useRef<string | null>(null);
  const latest = useRef({ view, isPlaced });
  useEffect(() => {
    latest.current = { view, isPlaced };
  });
  useEffect(() => {
    const next = `${kind} ${row}`;
    if (!isLaidOut || shown.current === next) return;
    const isLink = shown.current === null && latest.current.isPlaced;
    shown.current = next;
    const camera = store.get();
    if (row === null || camera === null || isLink) return;
    const { explore, overview } = latest.current.view;
    store.set(withRow(camera, explore, paneSize(latest.current.view), row, overview !== null));
  }, [store, row, isLaidOut, kind]);
}
