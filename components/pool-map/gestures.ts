import { type RefObject, useEffect, useRef } from "react";
import type { Camera } from "./camera.ts";

interface Handlers {
  /** Where the map begins in the element. */
  readonly margin: { readonly left: number; readonly top: number };
  readonly camera: () => Camera | null;
  readonly move: (camera: Camera) => void;
  /** Enlarges by a factor around a point of the map's part of the element. */
  readonly zoom: (camera: Camera, factor: number, x: number, y: number) => void;
  /** A click or a tap at a point of the element. */
  readonly tap: (x: number, y: number) => void;
}

/** A pointer that moves less than this many pixels has clicked. */
const clickReach = 4;

interface Press {
  readonly x: number;
  readonly y: number;
  readonly camera: Camera;
}

/**
 * Dragging, clicking, pinching and Ctrl with the wheel on a map. The wheel alone scrolls the page: a map must not catch
 * whoever scrolls past it.
 */
export function useGestures(element: RefObject<HTMLElement | null>, handlers: Handlers) {
  const latest = useRef(handlers);
  useEffect(() => {
    latest.current = handlers;
  });
  const moved = useRef(false);
  useEffect(() => {
    const box = element.current;
    if (!box) return;
    const pointers = new Map<number, { x: number; y: number }>();
    let press: Press | null = null;
    let spread = 0;
    const local = (event: { clientX: number; clientY: number }) => {
      const { left, top } = box.getBoundingClientRect();
      return { x: event.clientX - left, y: event.clientY - top };
    };
    const pair = () => {
      const [one, other] = [...pointers.values()];
      if (!one || !other) return null;
      return {
        x: (one.x + other.x) / 2,
        y: (one.y + other.y) / 2,
        spread: Math.max(1, Math.hypot(one.x - other.x, one.y - other.y)),
      };
    };
    const begin = () => {
      const camera = latest.current.camera();
      const [point] = pointers.values();
      press = camera && point ? { ...point, camera } : null;
      spread = pair()?.spread ?? 0;
    };
    const down = (event: PointerEvent) => {
      if (event.button !== 0 || isControl(event.target)) return;
      pointers.set(event.pointerId, local(event));
      if (pointers.size === 1) moved.current = false;
      begin();
    };
    const move = (event: PointerEvent) => {
      if (!pointers.has(event.pointerId)) return;
      pointers.set(event.pointerId, local(event));
      const { margin, camera, zoom, move: go } = latest.current;
      const both = pair();
      const current = camera();
      if (both && current) {
        moved.current = true;
        zoom(current, both.spread / spread, both.x - margin.left, both.y - margin.top);
        spread = both.spread;
        return;
      }
      if (!press || !current) return;
      const { x, y } = local(event);
      if (!moved.current && Math.hypot(x - press.x, y - press.y) < clickReach) return;
      // Held from here on, so that a drag goes on beside the map.
      if (!moved.current) box.setPointerCapture(event.pointerId);
      moved.current = true;
      const { camera: from } = press;
      go({
        zoom: current.zoom,
        x: from.x - (x - press.x) / current.zoom,
        y: from.y - (y - press.y) / current.zoom,
      });
    };
    const up = (event: PointerEvent) => {
      if (!pointers.delete(event.pointerId)) return;
      if (!moved.current && event.type === "pointerup") {
        const { x, y } = local(event);
        latest.current.tap(x, y);
      }
      begin();
    };
    const wheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const camera = latest.current.camera();
      const { margin, zoom } = latest.current;
      const { x, y } = local(event);
      const pixels = event.deltaMode === 1 ? event.deltaY * 16 : event.deltaY;
      if (camera)
        zoom(camera, Math.exp(-Math.max(-240, Math.min(240, pixels)) / 240), x - margin.left, y - margin.top);
    };
    box.addEventListener("pointerdown", down);
    box.addEventListener("pointermove", move);
    box.addEventListener("pointerup", up);
    box.addEventListener("pointercancel", up);
    box.addEventListener("wheel", wheel, { passive: false });
    return () => {
      box.removeEventListener("pointerdown", down);
      box.removeEventListener("pointermove", move);
      box.removeEventListener("pointerup", up);
      box.removeEventListener("pointercancel", up);
      box.removeEventListener("wheel", wheel);
    };
  }, [element]);
  return { dragging: () => moved.current };
}

/** Buttons on the map, and the small map, have their own ways. */
function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("button, [data-own-pointer]") !== null;
}
