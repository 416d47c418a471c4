"use client";
import { useElementSize } from "@mantine/hooks";
import { useId, useMemo } from "react";
import type { PoolMap } from "@/lib/contract/pool-map.ts";
import { useShot } from "../shot/use-shot.ts";
import { Figure } from "../ui/figure.tsx";
import { Powers } from "../ui/powers.tsx";
import { usePhone } from "../ui/use-phone.ts";
import { CameraStore } from "./camera-store.ts";
import type { ColourMode } from "./colour-scheme.ts";
import type { Colouring } from "./colouring.ts";
import { ExplorePane } from "./explore-pane.tsx";
import type { RowFilter } from "./filter.ts";
import type { LayoutKind } from "./grid.ts";
import { scaleWords } from "./labels.ts";
import { MapLegend } from "./legend.tsx";
import { OverviewPane } from "./overview-pane.tsx";
import type { Scene, Spot } from "./scene.ts";
import classes from "./pool-map.module.css";
import { ShownPart } from "./shown-part.tsx";
import { subGridOf } from "./sub-grid.ts";
import { ColourChoice, LayoutChoice, ZoomButtons } from "./tools.tsx";
import { useAddresses } from "./use-addresses.ts";
import { paneSize } from "./place.ts";
import { useMapCamera } from "./use-map-camera.ts";
import { useSelectionInView } from "./use-selection-in-view.ts";
import { useIsEnlarged } from "./use-is-enlarged.ts";
import { useMapCounts } from "./use-map-counts.ts";
import { isLarge, type MapView, useMapView } from "./use-map-view.ts";
import { usePalette } from "./use-palette.ts";
import { summaryWords } from "./words.ts";

interface Props {
  readonly map: PoolMap;
  readonly colouring: Colouring;
  /** Null: the one that fits the size of the pool. */
  readonly layout: LayoutKind | null;
  /** What is asked for; what needs a column that is not there yet shows as soon as it is. */
  readonly mode: ColourMode;
  readonly only: string | null;
  readonly filter: RowFilter | null;
  readonly onOnly: (id: string | null) => void;
  readonly selected: Spot | null;
  readonly onOpen: (spot: Spot) => void;
  readonly onEscape: () => void;
}

/** The blocks of a pool as a picture: one cell a block, in one pane, or in two where there are too many to read at once. */
export function PoolMapFigure(props: Props) {
  const { map, colouring, mode, layout: wanted, only, onOnly } = props;
  const phone = usePhone();
  const shot = useShot();
  const { ref, width } = useElementSize();
  const room = { width: Math.floor(width), phone };
  const fitting = isLarge(map.header.rows, room) ? "hilbert" : "address";
  const layout = wanted === null || (wanted === "node" && map.node === null) ? fitting : wanted;
  const store = useMemo(() => new CameraStore(), []);
  const counts = useMapCounts(map);
  const readable = useMapView(map, layout, room);
  const isEnlarged = useIsEnlarged(store, readable);
  const view = useMemo(() => withRoom(readable, isEnlarged, phone), [readable, isEnlarged, phone]);
  useMapCamera(store, map, view);
  useSelectionInView(store, view, props.selected?.row ?? null, room.width > 0);
  return (
    <Figure
      title="Block map"
      file={`map-${map.header.pool}`}
      summary={
        <Powers>{`${summaryWords(map, counts.used)} ${scaleWords(map, view.explore.grid, layout)}`}</Powers>
      }
      actions={
        <>
          <LayoutChoice value={wanted ?? layout} phone={phone} />
          <ColourChoice value={mode} phone={phone} />
        </>
      }
    >
      <div ref={ref} className={classes.map}>
        {room.width === 0 ? null : <Panes {...props} view={view} store={store} phone={phone} />}
      </div>
      <div className={classes.foot} style={{ marginLeft: phone ? 0 : view.margin.left }}>
        <MapLegend flags={counts.flags} colouring={colouring} only={only} onOnly={onOnly} />
        {shot ? null : <ZoomButtons store={store} view={view} />}
      </div>
    </Figure>
  );
}

interface PanesProps extends Props {
  readonly view: MapView;
  readonly store: CameraStore;
  readonly phone: boolean;
}

function Panes({ map, colouring, filter, view, store, phone, selected, onOpen, onEscape }: PanesProps) {
  const palette = usePalette();
  const shot = useShot();
  const help = useId();
  const { addresses, see } = useAddresses(map);
  const isEnlarged = useIsEnlarged(store, view);
  const { explore, margin, overview, size } = view;
  const { capacity, rows } = map.header;
  const sub = useMemo(() => subGridOf({ capacity, rows }, explore.grid), [capacity, rows, explore]);
  const scene = useMemo<Scene>(
    () => ({ map, geometry: explore, sub, colouring, palette, filter, addresses, margin }),
    [map, explore, sub, colouring, palette, filter, addresses, margin],
  );
  const minimap =
    overview === null && isEnlarged && !shot ? (
      <div className={classes.minimap} data-noshot>
        <Whole map={map} scene={scene} view={view} store={store} size={minimapSize(view)} />
      </div>
    ) : null;
  return (
    <div className={classes.panes}>
      {overview === null ? null : (
        <div>
          <p className={classes.paneHead}>
            <span>Whole pool</span>
            <span>{pixelWords(overview.size.width / overview.geometry.width)}</span>
          </p>
          <Whole map={map} scene={scene} view={view} store={store} size={overview.size} aligned />
        </div>
      )}
      <div>
        {overview === null ? null : <ShownPart map={map} view={view} store={store} />}
        <ExplorePane
          map={map}
          scene={scene}
          size={size}
          store={store}
          home={view.home}
          selected={selected}
          onOpen={onOpen}
          onEscape={onEscape}
          onAddresses={see}
          fade={!shot}
          phone={phone}
          describedBy={help}
          minimap={minimap}
        />
        <p id={help} hidden>
          Arrows move, Enter opens the block, + and − enlarge, 0 shows the whole pool, Esc leaves. The table
          of blocks below has the same blocks.
        </p>
      </div>
    </div>
  );
}

/** The whole map in small. */
function Whole({
  map,
  scene,
  view,
  store,
  size,
  aligned = false,
}: {
  map: PoolMap;
  scene: Scene;
  view: MapView;
  store: CameraStore;
  size: { readonly width: number; readonly height: number };
  aligned?: boolean;
}) {
  const shot = useShot();
  const geometry = view.overview?.geometry ?? view.whole;
  const shownSize = useMemo(() => paneSize(view), [view]);
  const small = useMemo<Scene>(
    () => ({ ...scene, geometry, addresses: null, margin: { left: 0, top: 0 } }),
    [scene, geometry],
  );
  return (
    <OverviewPane
      scene={small}
      size={size}
      store={store}
      shown={view.explore}
      shownSize={shownSize}
      fade={!shot}
      aligned={aligned}
      label={`The whole of ${map.header.pool}, in small`}
    />
  );
}

const minimapSide = 148;

function minimapSize({ whole }: MapView) {
  const scale = minimapSide / Math.max(whole.width, whole.height);
  return {
    width: Math.max(24, Math.round(whole.width * scale)),
    height: Math.max(12, Math.round(whole.height * scale)),
  };
}

/** A pool of few blocks has a low map; enlarged, it needs room to look around in. */
function withRoom(view: MapView, isEnlarged: boolean, phone: boolean): MapView {
  const { size, overview } = view;
  if (overview !== null || !isEnlarged) return view;
  return { ...view, size: { width: size.width, height: Math.max(size.height, phone ? 320 : 420) } };
}

function pixelWords(pixels: number): string {
  if (pixels < 1) return `1 pixel = ${(1 / pixels ** 2).toFixed(1)} blocks`;
  const rounded = Number(pixels.toFixed(1));
  return rounded === 1 ? "1 pixel = 1 block" : `${rounded} pixels = 1 block`;
}
