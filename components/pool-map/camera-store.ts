import type { Camera } from "./camera.ts";

/** The camera of a pane, shared with whatever follows it (the other pane, the buttons, the address bar) without a render each. */
export class CameraStore {
  private camera: Camera | null = null;
  private readonly listeners = new Set<() => void>();

  /** Null before the map has a size. */
  readonly get = (): Camera | null => this.camera;

  readonly set = (camera: Camera | null): void => {
    if (this.camera === camera) return;
    this.camera = camera;
    for (const listener of this.listeners) listener();
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}
