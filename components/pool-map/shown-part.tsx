"use client";
import { useSyncExternalStore } from "react";
import type { PoolMap } from "@/lib/contract/pool-map.ts";
import { formatCount } from "../ui/count.ts";
import { Mono } from "../ui/value.tsx";
import type { CameraStore } from "./camera-store.ts";
import classes from "./pool-map.module.css";
import { paneSize } from "./place.ts";
import type { MapView } from "./use-map-view.ts";
import { shownCidr } from "./window.ts";

/** Which part of the pool the enlarged pane shows, as a CIDR where it is one. */
export function ShownPart({ map, view, store }: { map: PoolMap; view: MapView; store: CameraStore }) {
  const camera = useSyncExternalStore(store.subscribe, store.get, () => null);
  const shown = camera === null ? null : shownCidr(map, view.explore, camera, paneSize(view));
  const pixels = camera === null ? 0 : Math.round(camera.zoom * view.explore.pitch);
  return (
    <p className={classes.paneHead}>
      <span>
        {shown === null ? (
          "Enlarged"
        ) : (
          <>
            {shown.whole ? "" : "Part of "}
            <Mono>{shown.cidr}</Mono>
          </>
        )}
      </span>
      <span>
        {shown === null ? "" : `${formatCount(shown.blocks)} blocks, `}
        {pixels === 1 ? "1 pixel each" : `${pixels} pixels each`}
      </span>
    </p>
  );
}
