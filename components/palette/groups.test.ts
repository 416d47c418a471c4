import { expect, test } from "vitest";
import type { SearchItem } from "@/lib/contract/search.ts";
import { groupHits } from "./groups.ts";

const hit = (kind: SearchItem["kind"], name: string): SearchItem => ({
  kind,
  name,
  detail: "",
  href: `/${name}`,
});

test("hits keep the server's order under the title of their kind", () => {
  const hits = [
    hit("address", "10.64.0.64"),
    hit("pool", "external-pool"),
    hit("address", "10.64.0.65"),
    hit("block", "b"),
  ];
  expect(groupHits(hits).map((group) => [group.title, group.items.map((item) => item.name)])).toEqual([
    ["Addresses", ["10.64.0.64", "10.64.0.65"]],
    ["Blocks and pools", ["external-pool", "b"]],
  ]);
});

test("no hits make no groups", () => {
  expect(groupHits([])).toEqual([]);
});
