"use client";
import { useEffect, useMemo, useRef } from "react";
import { type Camera, kept, type Size } from "./camera.ts";
import { CameraStore } from "./camera-store.ts";
import type { Geometry } from "./geometry.ts";
import type { MapPane } from "./pane.ts";
import type { Scene } from "./scene.ts";
import classes from "./pool-map.module.css";
import { usePane } from "./use-pane.ts";
import { coveredOn, windowAround } from "./window.ts";

interface Props {
  /** The whole map, one pixel a block or so. */
  readonly scene: Scene;
  readonly size: Size;
  /** What the other pane shows, and how. */
  readonly store: CameraStore;
  readonly shown: Geometry;
  readonly shownSize: Size;
  readonly fade: boolean;
  /** A click takes the other pane to one CIDR; else it only moves it. */
  readonly aligned: boolean;
  readonly label: string;
}

/**
 * The whole map with a frame around what the other pane shows; pressing or dragging moves that. It has no keys of its own: those
 * of the other pane reach everything.
 */
export function OverviewPane({ scene, size, store, shown, shownSize, fade, aligned, label }: Props) {
  const body = useRef<HTMLDivElement>(null);
  const whole = useMemo(() => {
    const own = new CameraStore();
    own.set({ x: 0, y: 0, zoom: size.width / Math.max(1, scene.geometry.width) });
    return own;
  }, [size.width, scene.geometry.width]);
  const marked = useMemo(() => {
    const frame = (pane: MapPane) => {
      const camera = store.get();
      if (!camera) return [];
      return coveredOn(scene.geometry, shown, camera, shownSize).map(({ x, y, width, height }) => ({
        x: x * pane.camera.zoom,
        y: y * pane.camera.zoom,
        width: Math.max(4, width * pane.camera.zoom),
        height: Math.max(4, height * pane.camera.zoom),
      }));
    };
    return { hover: null, at: null, window: frame };
  }, [scene.geometry, shown, shownSize, store]);
  const { cells, marks, pane } = usePane({ scene, size, store: whole, marked, fade });
  useEffect(() => store.subscribe(() => pane?.mark(marked)), [store, pane, marked]);

  const go = (event: React.PointerEvent) => {
    const rectangle = body.current?.getBoundingClientRect();
    const camera = store.get();
    if (!rectangle || !pane || !camera) return;
    const at = (from: number, most: number) => Math.max(0, Math.min(most - 1, from));
    const x = at(event.clientX - rectangle.left, size.width);
    const y = at(event.clientY - rectangle.top, size.height);
    const row = pane.hit(x, y)?.row;
    if (row === undefined) return;
    store.set(cameraOn(row, camera, shown, shownSize, aligned));
  };
  return (
    <div
      ref={body}
      className={classes.overview}
      style={{ width: size.width, height: size.height }}
      role="img"
      aria-label={label}
      data-own-pointer
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        go(event);
      }}
      onPointerMove={(event) => {
        if (event.buttons === 1) go(event);
      }}
    >
      <canvas ref={cells} className={classes.canvas} />
      <canvas ref={marks} className={classes.canvas} />
    </div>
  );
}

function cameraOn(row: number, camera: Camera, shown: Geometry, size: Size, aligned: boolean): Camera {
  if (aligned) return windowAround(shown, size, camera.zoom, row);
  const { columns } = shown.grid;
  const place = shown.grid.placeOf[row] ?? 0;
  const [column, line] = [place % columns, Math.floor(place / columns)];
  return kept(
    {
      zoom: camera.zoom,
      x: (column / columns) * shown.width - size.width / camera.zoom / 2,
      y: (line / shown.grid.rows) * shown.height - size.height / camera.zoom / 2,
    },
    shown,
    size,
  );
}
