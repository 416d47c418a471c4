import { expect, test } from "vitest";
import { poolMapFlags } from "@/lib/contract/pool-map.ts";
import { testMap } from "./testing.ts";
import { stripColumns } from "./strip-model.ts";

const map = (used: readonly number[], flags: readonly number[]) =>
  testMap({ cidr: "10.0.0.0/16", used, flags });
const { reserved } = poolMapFlags;

test("two blocks a column: claimed ones average, unclaimed ones do not thin them", () => {
  const subject = map([65, 65, 0, 65, 0, 0, 0, 0, 1, 65], [0, 0, 0, 0, 0, 0, reserved, reserved, 0, 0]);
  expect(stripColumns(subject, 5)).toEqual([5, 5, "unclaimed", "reserved", 3]);
});

test("fewer blocks than columns: each takes its share", () => {
  expect(stripColumns(map([65, 0], [0, 0]), 6)).toEqual([5, 5, 5, "unclaimed", "unclaimed", "unclaimed"]);
});
