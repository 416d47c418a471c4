import fc from "fast-check";
import { expect, test } from "vitest";
import { poolMapFlags } from "@/lib/contract/pool-map.ts";
import { type ColourMode, colourModes } from "./colour-scheme.ts";
import { colour } from "./colouring.ts";
import { MapCounter } from "./counts.ts";
import { rowFilter } from "./filter.ts";
import { countMarks, marks } from "./model.ts";
import { testMap } from "./testing.ts";

const now = Date.parse("2026-11-29T12:00:00Z");
const seconds = now / 1000;
const day = 86_400;

const subject = testMap({
  used: [0, 0, 1, 17, 65, 9, 33],
  flags: [0, poolMapFlags.reserved, poolMapFlags.noOwner, poolMapFlags.lends, 0, poolMapFlags.borrows, 0],
  nodes: ["a", "b"],
  node: [0, 0, 0, 1, 2, 2, 2],
  namespaces: ["web", null],
  namespace: [0, 0, 0, 1, 1, 2, 1],
  claimed: [0, 0, 0, seconds - 60, seconds - 2 * day, seconds - 400 * day, seconds + 60],
  lent: [0, 0, 0, 1, 0, 3, 40],
});

function idsOf(mode: ColourMode): readonly (string | undefined)[] {
  const { classes, keys } = colour(subject, mode, now);
  return [...classes].map((each) => keys[each]?.id);
}

test.each<[ColourMode, readonly string[]]>([
  ["use", ["unclaimed", "reserved", "depth-0", "depth-2", "depth-5", "depth-1", "depth-3"]],
  ["node", ["unclaimed", "reserved", "node-none", "node:a", "node:b", "node:b", "node:b"]],
  [
    "namespace",
    [
      "unclaimed",
      "reserved",
      "namespace-none",
      "namespace:web",
      "namespace:web",
      "namespaces-several",
      "namespace:web",
    ],
  ],
  ["age", ["unclaimed", "reserved", "age-unknown", "age-0", "age-2", "age-5", "age-0"]],
  ["borrowing", ["unclaimed", "reserved", "lent-0", "lent-1", "lent-0", "lent-2", "lent-5"]],
])("coloured by %s", (mode, ids) => expect(idsOf(mode)).toEqual(ids));

test("names with most blocks have a letter each, the others share a colour", () => {
  const names = Array.from({ length: 12 }, (_unused, index) => `n${index}`);
  const node = names.flatMap((_name, index) => Array.from({ length: 20 - index }, () => index + 1));
  const map = testMap({ used: node.map(() => 2), nodes: names, node });
  const { keys } = colour(map, "node", now);
  const named = keys.filter(({ id }) => id.startsWith("node:"));
  expect(named.map(({ label, letter, count }) => `${letter} ${label} ${count}`)).toEqual(
    [..."ABCDEFGH"].map((letter, index) => `${letter} n${index} ${20 - index}`),
  );
  expect(keys.find(({ id }) => id === "nodes-other")).toMatchObject({
    label: "4 other nodes",
    count: 12 + 11 + 10 + 9,
  });
});

test("without its column a mode falls back to use, until the column is there", () => {
  expect(colour(testMap({ used: [2] }), "node", now).mode).toBe("use");
});

test("any node can be filtered by, also one that shares its colour", () => {
  const colouring = colour(subject, "use", now);
  expect(rowFilter(subject, colouring, "node:b")?.has(4)).toBe(true);
  expect(rowFilter(subject, colouring, "node:b")?.has(3)).toBe(false);
  expect(rowFilter(subject, colouring, "node:nobody")).toBeNull();
  expect(rowFilter(subject, colouring, "age-2")).toBeNull();
  expect(rowFilter(subject, colouring, null)).toBeNull();
});

test("the counts of the legend are those of its filters, in every mode", () => {
  const slot = fc.tuple(
    fc.integer({ min: 0, max: 65 }),
    fc.integer({ min: 0, max: 511 }),
    fc.integer({ min: 0, max: 2 }),
  );
  fc.assert(
    fc.property(fc.array(slot, { maxLength: 40 }), fc.constantFrom(...colourModes), (slots, mode) => {
      const map = testMap({
        used: slots.map(([used]) => used),
        flags: slots.map(([, flags]) => flags),
        nodes: ["a", "b"],
        node: slots.map(([, , node]) => node),
        namespaces: ["web", null],
        namespace: slots.map(([, , namespace]) => namespace),
        claimed: slots.map(([used]) => used * 1e7),
        lent: slots.map(([used]) => used),
      });
      const colouring = colour(map, mode, now);
      const rows = slots.map((_slot, row) => row);
      const passing = (id: string) => rows.filter((row) => rowFilter(map, colouring, id)?.has(row)).length;
      const counts = countMarks(new MapCounter().of(map).flags);
      for (const mark of marks) expect(passing(mark)).toBe(counts[mark]);
      for (const { id, count } of colouring.keys) if (id !== "reserved") expect(passing(id)).toBe(count);
      expect(colouring.keys.reduce((sum, { count }) => sum + count, 0)).toBe(slots.length);
    }),
  );
});
