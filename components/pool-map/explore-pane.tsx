"use client";
import { useMemo, useRef, useState } from "react";
import type { PoolMap } from "@/lib/contract/pool-map.ts";
import { useShot } from "../shot/use-shot.ts";
import { type Camera, kept, type Size, withinLimits, zoomedAt } from "./camera.ts";
import type { CameraStore } from "./camera-store.ts";
import { MapCard } from "./card.tsx";
import type { Geometry } from "./geometry.ts";
import { useGestures } from "./gestures.ts";
import type { Scene, Spot } from "./scene.ts";
import classes from "./pool-map.module.css";
import { useMapKeys } from "./use-map-keys.ts";
import { usePane } from "./use-pane.ts";
import { spotWords } from "./words.ts";

interface Props {
  readonly map: PoolMap;
  readonly scene: Scene;
  /** With the room for labels. */
  readonly size: Size;
  readonly store: CameraStore;
  /** The camera that shows all, or as much as a large map shows at first. */
  readonly home: Camera;
  readonly selected: Spot | null;
  readonly onOpen: (spot: Spot) => void;
  readonly onEscape: () => void;
  readonly onAddresses: (rows: readonly number[]) => void;
  readonly fade: boolean;
  readonly phone: boolean;
  /** Stands in a corner while the map is enlarged. */
  readonly minimap: React.ReactNode;
  readonly describedBy: string;
}

/**
 * The map to look around in. Ctrl and the wheel, two fingers, + and − enlarge it, dragging moves it; arrows move a cursor,
 * Enter opens what is under it, Esc leaves. The live text says what is under the cursor; the table below has it all.
 */
export function ExplorePane(props: Props) {
  const { map, scene, size, store, home, selected, onOpen, fade, phone, minimap, describedBy } = props;
  const shot = useShot();
  const body = useRef<HTMLDivElement>(null);
  const [hovered, setHovered] = useState<{ readonly spot: Spot; readonly on: Geometry } | null>(null);
  const [cursor, setCursor] = useState<Spot | null>(null);
  const at = cursor ?? selected;
  // Once the map has changed under the pointer, another block is there.
  const hover = hovered?.on === scene.geometry ? hovered.spot : null;
  const marked = useMemo(
    () => ({ hover: shot ? null : hover, at: shot ? null : at, window: null }),
    [shot, hover, at],
  );
  const { cells, marks, pane } = usePane({
    scene,
    size,
    store,
    marked,
    fade,
    onAddresses: props.onAddresses,
  });

  const move = (camera: Camera) => {
    if (!pane) return;
    const zoom = withinLimits(camera.zoom, home, scene.geometry, pane.size, scene.sub.columns);
    // At its limit a map must not creep when somebody goes on zooming.
    const wanted = zoom === camera.zoom ? camera : { ...(store.get() ?? camera), zoom };
    store.set(kept(wanted, scene.geometry, pane.size));
    setHovered(null);
  };
  const gestures = useGestures(body, {
    margin: scene.margin,
    camera: store.get,
    move,
    zoom: (camera, factor, x, y) => move(zoomedAt(camera, camera.zoom * factor, x, y)),
    tap: (x, y) => {
      const spot = pane?.hit(x, y)?.spot;
      if (!spot) return;
      setCursor(null);
      // What was hovered is told in full by what opens.
      setHovered(null);
      onOpen(spot);
    },
  });
  const onKeyDown = useMapKeys({ ...props, pane, at, cursor, onCursor: setCursor, move });

  const onPointerMove = (event: React.PointerEvent) => {
    if (event.pointerType === "touch" || gestures.dragging()) return;
    const rectangle = body.current?.getBoundingClientRect();
    const spot = rectangle
      ? (pane?.hit(event.clientX - rectangle.left, event.clientY - rectangle.top)?.spot ?? null)
      : null;
    if (spot?.row === hover?.row && spot?.ordinal === hover?.ordinal) return;
    setHovered(spot && { spot, on: scene.geometry });
  };
  return (
    <>
      {/* A canvas has no parts; the keys move a cursor over it and the live text reads it. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <div
        ref={body}
        className={classes.body}
        style={{ width: size.width, height: size.height }}
        role="application"
        aria-roledescription="block map"
        aria-label={`Block map of ${map.header.pool}, ${map.header.rows} blocks`}
        aria-describedby={describedBy}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        data-enlarged={minimap === null ? undefined : true}
        onKeyDown={onKeyDown}
        onBlur={() => setCursor(null)}
        onPointerMove={onPointerMove}
        onPointerLeave={() => setHovered(null)}
      >
        <canvas ref={cells} className={classes.canvas} />
        <canvas ref={marks} className={classes.canvas} />
        {minimap}
        {hover === null || phone || shot || !pane ? null : (
          <MapCard key={hover.row} map={map} pane={pane} spot={hover} scene={scene} size={size} />
        )}
      </div>
      <p className={classes.spoken} aria-live="polite">
        {cursor === null ? "" : spotWords(map, cursor, scene.addresses)}
      </p>
    </>
  );
}
