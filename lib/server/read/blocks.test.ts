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
