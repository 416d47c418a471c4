import { expect, test } from "vitest";
import { calicoObject, inventoryOf } from "../../inventory/testing.ts";
import { listBlocks } from "./blocks.ts";

const emptyBlock = (cidr: string) =>
  calicoObject("IPAMBlock", cidr.replaceAll(/[./]/g, "-"), {
    cidr,
    affinity: "host:a",
    allocations: Array.from({ length: 64 }, () => null),
    unallocated: Array.from({ length: 64 }, (_unused, ordinal) => ordinal),
    attributes: [],
  });

test("blocks that lie in no pool are found, and they alone", () => {
  const inventory = inventoryOf({
    pools: [calicoObject("IPPool", "p", { cidr: "10.0.0.0/24" })],
    blocks: [emptyBlock("10.0.0.0/26"), emptyBlock("10.9.0.0/26"), emptyBlock("10.9.0.64/26")],
  });
  const { items, total } = listBlocks(inventory, { outside: true });
  expect(items?.map(({ cidr, pool }) => [cidr, pool])).toEqual([
    ["10.9.0.0/26", null],
    ["10.9.0.64/26", null],
  ]);
  expect(total).toBe(2);
});

test.each([
  ["in the order asked for", { sort: "-cidr", from: "10-0-0-64-26" }, ["10.0.0.64/26"], 2],
  ["among those that are asked for", { q: "10.0.0.1", from: "10-0-0-192-26" }, ["10.0.0.192/26"], 1],
  ["not where it is left out", { q: "10.0.0.0", from: "10-0-0-64-26" }, ["10.0.0.0/26"], undefined],
  ["not where there is none", { from: "10-9-0-0-26" }, ["10.0.0.0/26"], undefined],
])("the list begins at a block by name, %s, and says where that is", (_what, query, cidrs, offset) => {
  const blocks = ["10.0.0.0/26", "10.0.0.64/26", "10.0.0.128/26", "10.0.0.192/26"].map(emptyBlock);
  const list = listBlocks(inventoryOf({ blocks }), { ...query, limit: 1 });
  expect(list.items?.map(({ cidr }) => cidr)).toEqual(cidrs);
  expect(list.offset).toBe(offset);
});
