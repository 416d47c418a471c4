import { expect, test } from "vitest";
import { paneSize } from "./place.ts";
import { emptyMap, testMap } from "./testing.ts";
import { isLarge, layOutMap } from "./use-map-view.ts";
import { shownCidr } from "./window.ts";

const desktop = { width: 1136, phone: false };
const phone = { width: 358, phone: true };

test.each([
  [1, false, false],
  [1024, false, false],
  [4096, false, true],
  [8192, true, true],
  [262_144, true, true],
])("%d blocks: two panes on a desktop %s, on a phone %s", (count, onDesktop, onPhone) => {
  expect([isLarge(count, desktop), isLarge(count, phone)]).toEqual([onDesktop, onPhone]);
});

test.each(["address", "node", "hilbert"] as const)(
  "laid out %s, every size has a map that fits its room",
  (layout) => {
    for (const count of [1, 2, 3, 64, 100, 4096, 8192, 262_144]) {
      for (const room of [desktop, phone]) {
        const map = testMap({
          cidr: "10.0.0.0/8",
          used: Array.from({ length: count }, (_unused, row) => row % 3),
          nodes: ["a", "b"],
          node: Array.from({ length: count }, (_unused, row) => row % 3),
        });
        const { explore, overview, size } = layOutMap(map, layout, room);
        expect(size.width).toBeLessThanOrEqual(room.width);
        expect(explore.grid.placeOf.length).toBe(count);
        if (overview) {
          expect(overview.size.width).toBeLessThanOrEqual(room.width);
          expect(overview.size.height).toBeLessThanOrEqual(513);
        } else expect(explore.height).toBeLessThanOrEqual(1200);
      }
    }
  },
);

test.each(["address", "hilbert"] as const)(
  "laid out %s, a large map begins with the part that has most claims",
  (layout) => {
    const used = Array.from({ length: 16_384 }, (_unused, row) =>
      (row >= 9216 && row < 9300) || row === 3 ? 5 : 0,
    );
    const map = testMap({ cidr: "10.16.0.0/12", used });
    const view = layOutMap(map, layout, desktop);
    expect(shownCidr(map, view.explore, view.home, paneSize(view))).toEqual({
      cidr: "10.25.0.0/16",
      whole: true,
      blocks: 1024,
    });
  },
);

test("a pool without blocks has a map without any", () => {
  expect(layOutMap(emptyMap(0), "address", desktop).overview).toBeNull();
});
