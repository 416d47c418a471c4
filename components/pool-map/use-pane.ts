import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { useExportScale } from "../ui/figure-scale.ts";
import { usePainting } from "../shot/painting.ts";
import type { Size } from "./camera.ts";
import type { CameraStore } from "./camera-store.ts";
import { mono, sans } from "./paint-cell.ts";
import { MapPane, type Marked } from "./pane.ts";
import type { Scene } from "./scene.ts";

interface Options {
  readonly scene: Scene;
  /** With the room for labels. */
  readonly size: Size;
  readonly store: CameraStore;
  readonly marked: Marked;
  /** Changed blocks go over to their new colour; else they have it at once. */
  readonly fade: boolean;
  readonly onAddresses?: (rows: readonly number[]) => void;
}

/** Two canvases and the pane that draws on them. Fonts come after the first frame, so it is drawn once more then. */
export function usePane({ scene, size, store, marked, fade, onAddresses }: Options) {
  const cells = useRef<HTMLCanvasElement>(null);
  const marks = useRef<HTMLCanvasElement>(null);
  const [pane, setPane] = useState<MapPane | null>(null);
  const [painted, setPainted] = useState(false);
  const scale = useExportScale();
  usePainting(painted);
  useLayoutEffect(() => {
    if (!cells.current || !marks.current) return;
    const made = new MapPane(cells.current, marks.current);
    setPane(made);
    return () => made.dispose();
  }, []);
  useEffect(() => {
    if (!pane) return;
    const follow = () => {
      const camera = store.get();
      if (camera) pane.look(camera);
    };
    follow();
    return store.subscribe(follow);
  }, [pane, store]);
  // Before the map is drawn: whoever listens has the map whose rows are told.
  useEffect(() => pane?.onAddresses(onAddresses ?? (() => {})), [pane, onAddresses]);
  useEffect(() => {
    if (!pane) return;
    pane.resize(size, Math.max(scale, window.devicePixelRatio || 1));
    pane.show(scene, fade);
    if (store.get()) pane.paint();
  }, [pane, scene, size, store, fade, scale]);
  useEffect(() => pane?.mark(marked), [pane, marked]);
  useEffect(() => {
    if (!pane) return;
    let current = true;
    void fontsRead().then(() => {
      if (!current) return;
      pane.redraw();
      setPainted(true);
    });
    return () => {
      current = false;
    };
  }, [pane]);
  return { cells, marks, pane };
}

/** The fonts that canvases write in: nothing else on the page may have asked for them. */
async function fontsRead(): Promise<void> {
  await Promise.all([document.fonts.load(`11px ${mono}`), document.fonts.load(`11px ${sans}`)]);
  await document.fonts.ready;
}
