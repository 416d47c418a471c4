import { expect, test } from "vitest";
import type { PoolMap } from "@/lib/contract/pool-map.ts";
import { columnLabels, rowLabel, scaleWords } from "./map-labels.ts";
import { layOut } from "./map-layout.ts";

function map(cidr: string, blockSize: number, rows: number): PoolMap {
  const capacity = 2 ** ((cidr.includes(":") ? 128 : 32) - blockSize);
  return {
    header: {
      version: "e.1",
      pool: "p",
      cidr,
      blockSize,
      capacity,
      possible: String(rows),
      rows,
      nodes: null,
      columns: [],
    },
    slot: null,
    used: new Uint8Array(rows),
    flags: new Uint8Array(rows),
    node: null,
  };
}

test("a /16 of /26 blocks: a row is a /20, labels count its /24s", () => {
  const subject = map("10.255.0.0/16", 26, 1024);
  const layout = layOut(1024, 1068, false);
  expect(rowLabel(subject, layout, 15)).toBe("10.255.240.0");
  expect(columnLabels(subject, layout).map((label) => label.text)).toEqual(
    Array.from({ length: 16 }, (_, n) => `.${n}`),
  );
  expect(scaleWords(subject, layout)).toBe(
    "One cell is a /26 block of 64 addresses, four cells are a /24, a row is a /20.",
  );
});

test("blocks of 16: labels only where a /24 begins", () => {
  const subject = map("10.64.0.0/20", 28, 256);
  expect(columnLabels(subject, layOut(256, 1068, false))).toEqual(
    [0, 16, 32, 48].map((column) => ({ column, text: `.${column / 16}` })),
  );
});

test("a row within a /24 counts addresses", () => {
  const subject = map("10.80.0.0/24", 28, 16);
  expect(columnLabels(subject, layOut(16, 1068, false)).map((label) => label.text)).toEqual([
    ".0",
    ".64",
    ".128",
    ".192",
  ]);
});

test("a pool of fewer blocks than a row says nothing of rows", () => {
  const subject = map("10.70.8.0/24", 26, 4);
  expect(scaleWords(subject, layOut(4, 1068, false))).toBe("One cell is a /26 block of 64 addresses.");
});
