import { expect, test } from "vitest";
import { addressGrid, hilbertGrid } from "./grid.ts";
import { columnLabels, rowLabel, scaleWords } from "./labels.ts";
import { emptyMap, testMap } from "./testing.ts";

test("a /16 of /26 blocks: a line is a /20, labels count its /24s", () => {
  const subject = emptyMap(1024, "10.255.0.0/16");
  const grid = addressGrid(1024, 64);
  expect(rowLabel(subject, grid, 15)).toBe("10.255.240.0");
  expect(columnLabels(subject, grid).map((label) => label.text)).toEqual(
    Array.from({ length: 16 }, (_, n) => `.${n}`),
  );
  expect(scaleWords(subject, grid, "address")).toBe(
    "One cell is a /26 block of 64 addresses, four cells are a /24, a line is a /20.",
  );
});

test("blocks of 16: labels only where a /24 begins", () => {
  const subject = emptyMap(256, "10.64.0.0/20", 28);
  expect(columnLabels(subject, addressGrid(256, 64))).toEqual(
    [0, 16, 32, 48].map((column) => ({ column, text: `.${column / 16}` })),
  );
});

test("a line within a /24 counts addresses", () => {
  const subject = emptyMap(16, "10.80.0.0/24", 28);
  expect(columnLabels(subject, addressGrid(16, 16)).map((label) => label.text)).toEqual([
    ".0",
    ".64",
    ".128",
    ".192",
  ]);
});

test("a pool of fewer blocks than a line says nothing of lines", () => {
  const subject = emptyMap(4, "10.70.8.0/24");
  expect(scaleWords(subject, addressGrid(4, 16), "address")).toBe("One cell is a /26 block of 64 addresses.");
});

test.each([
  ["hilbert", "so every CIDR is a square or half of one."],
  ["node", "below the node that owns it."],
] as const)("laid out %s, the scale says how", (layout, end) => {
  expect(scaleWords(emptyMap(64), hilbertGrid(64), layout)).toContain(end);
});

test("of a huge pool it says that only claimed blocks are drawn", () => {
  const subject = testMap({ used: [2, 3], cidr: "fd00::/64", blockSize: 122, slot: [1n, 5n] });
  expect(scaleWords(subject, addressGrid(2, 16), "address")).toContain("Only claimed blocks are drawn");
});
