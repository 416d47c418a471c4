"use client";
import { ActionIcon, Button, NativeSelect, SegmentedControl } from "@mantine/core";
import { useUrlState } from "../ui/use-url-state.ts";
import { kept, withinLimits, zoomedAt } from "./camera.ts";
import type { CameraStore } from "./camera-store.ts";
import type { ColourMode } from "./colour-scheme.ts";
import type { LayoutKind } from "./grid.ts";
import classes from "./pool-map.module.css";
import { subSide } from "./sub-grid.ts";
import { paneSize } from "./place.ts";
import { useIsEnlarged } from "./use-is-enlarged.ts";
import type { MapView } from "./use-map-view.ts";

const layoutLabels: readonly { readonly value: LayoutKind; readonly label: string }[] = [
  { value: "address", label: "By address" },
  { value: "node", label: "By node" },
  { value: "hilbert", label: "Hilbert" },
];

const colourLabels: readonly { readonly value: ColourMode; readonly label: string }[] = [
  { value: "use", label: "Use" },
  { value: "node", label: "Node" },
  { value: "namespace", label: "Namespace" },
  { value: "age", label: "Age" },
  { value: "borrowing", label: "Borrowing" },
];

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly value: Value;
  readonly onChange: (value: string) => void;
  readonly phone: boolean;
}

/** A few words side by side; on a phone, where they have no room, a list to open. */
function Choice<Value extends string>({ label, options, value, onChange, phone }: ChoiceProps<Value>) {
  return phone ? (
    <NativeSelect
      aria-label={label}
      className={classes.select}
      data={[...options]}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  ) : (
    <SegmentedControl aria-label={label} data={[...options]} value={value} onChange={onChange} />
  );
}

/** How blocks lie, in `?layout=`. Where the map is looked at belongs to a layout and goes with it. */
export function LayoutChoice({ value, phone }: { value: LayoutKind; phone: boolean }) {
  const { set } = useUrlState();
  return (
    <Choice
      label="Layout"
      options={layoutLabels}
      value={value}
      phone={phone}
      onChange={(layout) => set({ layout, at: null, zoom: null })}
    />
  );
}

/** What colours say, in `?colour=`. A filter by a colour goes with it. */
export function ColourChoice({ value, phone }: { value: ColourMode; phone: boolean }) {
  const { set } = useUrlState();
  return (
    <Choice
      label="Colour"
      options={colourLabels}
      value={value}
      phone={phone}
      onChange={(colour) => set({ colour: colour === "use" ? null : colour, show: null })}
    />
  );
}

/** For whoever has neither wheel nor keys. */
export function ZoomButtons({ store, view }: { store: CameraStore; view: MapView }) {
  const isEnlarged = useIsEnlarged(store, view);
  const pane = paneSize(view);
  const zoom = (factor: number) => {
    const camera = store.get();
    if (!camera) return;
    const { explore, home } = view;
    const next = withinLimits(camera.zoom * factor, home, explore, pane, subSide(view.capacity));
    store.set(kept(zoomedAt(camera, next, pane.width / 2, pane.height / 2), explore, pane));
  };
  return (
    <div className={classes.zoom} data-noshot>
      {isEnlarged ? (
        <Button size="xs" variant="subtle" onClick={() => store.set(view.home)}>
          {view.overview === null ? "Whole pool" : "First part"}
        </Button>
      ) : (
        <span className={classes.hint}>Ctrl and the wheel enlarge</span>
      )}
      <ActionIcon variant="default" aria-label="Reduce the map" title="Reduce (−)" onClick={() => zoom(0.5)}>
        −
      </ActionIcon>
      <ActionIcon variant="default" aria-label="Enlarge the map" title="Enlarge (+)" onClick={() => zoom(2)}>
        +
      </ActionIcon>
    </div>
  );
}
