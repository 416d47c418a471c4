import { expect, test } from "vitest";
import { type PoolMap, poolMapFlags } from "@/lib/contract/pool-map.ts";
import { stripColumns } from "./strip-model.ts";

function map(used: readonly number[], flags: readonly number[]): PoolMap {
  return {
    header: {
      version: "e.1",
      pool: "p",
      cidr: "10.0.0.0/16",
      blockSize: 26,
      capacity: 64,
      possible: "",
      rows: used.length,
      nodes: null,
      columns: [],
    },
    slot: null,
    used: Uint8Array.from(used),
    flags: Uint8Array.from(flags),
    node: null,
  };
}
const { reserved } = poolMapFlags;

test("two blocks a column: claimed ones average, unclaimed ones do not thin them", () => {
  const subject = map([65, 65, 0, 65, 0, 0, 0, 0, 1, 65], [0, 0, 0, 0, 0, 0, reserved, reserved, 0, 0]);
  expect(stripColumns(subject, 5)).toEqual([5, 5, "unclaimed", "reserved", 3]);
});

test("fewer blocks than columns: each takes its share", () => {
  expect(stripColumns(map([65, 0], [0, 0]), 6)).toEqual([5, 5, 5, "unclaimed", "unclaimed", "unclaimed"]);
});
