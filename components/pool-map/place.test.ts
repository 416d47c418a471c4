import { expect, test } from "vitest";
import { kept, withinLimits } from "./camera.ts";
import { cameraFrom, paneSize, placeOf } from "./place.ts";
import { emptyMap } from "./testing.ts";
import { layOutMap } from "./use-map-view.ts";

const map = emptyMap(1024, "10.255.0.0/16");
const viewOf = (layout: "address" | "hilbert") => layOutMap(map, layout, { width: 1136, phone: false });

test.each([
  ["nothing", null, null],
  ["no zoom", "10.255.0.0/26", null],
  ["no block", null, "40"],
  ["nonsense", "nonsense", "40"],
  ["a block of another pool", "10.1.0.0/26", "40"],
  ["another family", "fd00::/122", "40"],
  ["less than nothing", "10.255.0.0/26", "-1"],
  ["without end", "10.255.0.0/26", "Infinity"],
  ["no number", "10.255.0.0/26", "large"],
])("a link with %s leads nowhere", (_story, at, zoom) => {
  expect(cameraFrom(map, viewOf("address"), { at, zoom })).toBeNull();
});

test.each(["1e-99", "0.0001", "1", "4096", "1e99"])(
  "a link enlarges no more and no less than the map: %s",
  (zoom) => {
    const view = viewOf("address");
    const { explore, home } = view;
    const camera = cameraFrom(map, view, { at: "10.255.0.0/26", zoom });
    expect(camera?.zoom).toBe(withinLimits(Number(zoom) / explore.pitch, home, explore, paneSize(view), 8));
    expect((camera?.zoom ?? 0) * explore.pitch).toBeGreaterThanOrEqual(explore.pitch);
    expect((camera?.zoom ?? 0) * explore.pitch).toBeLessThanOrEqual(352);
  },
);

test.each(["address", "hilbert"] as const)(
  "laid out %s, a link leads back to within an address, and from there to just the same",
  (layout) => {
    const view = viewOf(layout);
    const { explore } = view;
    const pane = paneSize(view);
    for (const [across, down] of [
      [0.31, 0.4],
      [0.5, 0.52],
      [0.77, 0.6],
    ] as const) {
      const zoom = 256 / explore.pitch;
      const camera = kept({ zoom, x: explore.width * across, y: explore.height * down }, explore, pane);
      const place = placeOf(map, view, camera);
      expect(place.at).toMatch(/^10\.255\.\d+\.\d+$/);
      const back = cameraFrom(map, view, place);
      expect(Math.abs((back?.x ?? 0) - camera.x) * zoom).toBeLessThan(256 / 8 + 1);
      expect(Math.abs((back?.y ?? 0) - camera.y) * zoom).toBeLessThan(256 / 8 + 1);
      expect(back && placeOf(map, view, back)).toEqual(place);
    }
  },
);

test("where blocks are all there is to see, a link names one", () => {
  const view = viewOf("address");
  const place = { at: "10.255.64.0/26", zoom: "30" };
  const camera = cameraFrom(map, view, place);
  expect(camera && placeOf(map, view, camera).at).toMatch(/\/26$/);
  expect(placeOf(map, view, view.home)).toEqual({ at: null, zoom: null });
});
