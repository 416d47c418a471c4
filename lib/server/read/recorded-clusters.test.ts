import { describe, expect, test } from "vitest";
import { parseBlock } from "../../calico/parse-block.ts";
import type { RawRecord } from "../../calico/reading.ts";
import { AddressDetail, AddressList } from "../../contract/addresses.ts";
import { BlockDetail, BlockList } from "../../contract/blocks.ts";
import { IpamShow } from "../../contract/ipam-show.ts";
import { NamespaceList } from "../../contract/namespaces.ts";
import { NodeList } from "../../contract/nodes.ts";
import { PoolHolds } from "../../contract/pool-holds.ts";
import { PoolList } from "../../contract/pools.ts";
import { blockRows } from "../../ipam/address-rows.ts";
import { checkpointsOf, inventoryOf } from "../../inventory/testing.ts";
import { readAddress } from "./address.ts";
import { listAddresses } from "./addresses.ts";
import { listBlocks, readBlock } from "./blocks.ts";
import { printIpamShow, readIpamShow } from "./ipam-show.ts";
import { listNamespaces } from "./namespaces.ts";
import { listNodes } from "./nodes.ts";
import { readPoolHolds } from "./pool-holds.ts";
import { listPools } from "./pools.ts";

const recordings = [
  "borrowing",
  "churn-roomy",
  "churn-tight",
  "dual-stack",
  "exhausted",
  "limits",
  "orphans",
  "overflow",
  "pools-order",
  "reserved",
  "selectors",
  "tunnels",
  "tutorial",
  "tutorial-hosts",
];

/** What people recorded of one moment of a real cluster, and the inventory of the same objects. */
const moments = recordings.flatMap((recording) =>
  checkpointsOf(recording).map((checkpoint, index) => ({
    name: `${recording} ${index}`,
    ...checkpoint,
    inventory: inventoryOf(checkpoint.cluster),
  })),
);

describe.each(moments)("$name", ({ inventory, cluster, printed, printed332 }) => {
  test("ipam show prints what calicoctl prints, in both layouts", () => {
    const print = (blocks: boolean, layout: "v3.32" | "v3.33") =>
      printIpamShow(inventory, { blocks, layout, format: "text" });
    expect(comparable(print(false, "v3.33"))).toEqual(comparable(printed.show));
    expect(comparable(print(true, "v3.33"))).toEqual(comparable(printed.showBlocks));
    expect(print(false, "v3.32")).toBe(printed332.show);
    expect(print(true, "v3.32")).toBe(printed332.showBlocks);
  });

  test("every answer has the shape of the contract", async () => {
    PoolList.parse(listPools(inventory, {}));
    BlockList.parse(listBlocks(inventory, {}));
    AddressList.parse(await listAddresses(inventory, {}));
    NamespaceList.parse(listNamespaces(inventory, {}));
    NodeList.parse(listNodes(inventory, {}));
    IpamShow.parse(readIpamShow(inventory, { blocks: true }));
    for (const { name } of inventory.space.pools) PoolHolds.parse(readPoolHolds(inventory, name));
    for (const { name } of inventory.space.blocks) BlockDetail.parse(readBlock(inventory, name));
  });

  test("a pool's figures add up, and by kind too", () => {
    for (const { usage, blocks } of listPools(inventory, {}).items ?? []) {
      const [capacity, inUse, free, reservedUnused] = [
        usage.capacity,
        usage.inUse,
        usage.free,
        usage.reservedUnused,
      ].map(bigintOf);
      expect((inUse ?? 0n) + (free ?? 0n) + (reservedUnused ?? 0n)).toBe(capacity);
      const byKind = Object.values(usage.byKind).reduce((sum, count) => sum + bigintOf(count), 0n);
      expect(byKind).toBe(bigintOf(usage.inUse) - bigintOf(usage.cooling));
      expect(bigintOf(blocks.claimed) + bigintOf(blocks.left)).toBeLessThanOrEqual(bigintOf(blocks.possible));
    }
  });

  test("a block's rows are those of the model", () => {
    const reservations = [...inventory.space.reservations];
    for (const raw of (cluster.blocks ?? []) as readonly RawRecord[]) {
      const { value: block } = parseBlock(raw);
      if (!block) throw new Error("a recorded block cannot be read");
      const { name } = raw.metadata as { name: string };
      const rows = readBlock(inventory, name).addresses;
      const known = {
        block: name,
        pool: inventory.space.blocks.get("", name)?.pool,
        leakCandidate: expect.anything(),
      };
      expect(rows).toEqual(blockRows(block, reservations).map((row) => ({ ...row, ...known })));
    }
  });

  test("the address table covers every pool without gap or overlap, page by page", async () => {
    const all = await listAddresses(inventory, { limit: 500 });
    const paged = await Promise.all(
      Array.from(
        { length: Math.ceil((all.total ?? 0) / 7) },
        async (_, page) => (await listAddresses(inventory, { limit: 7, offset: page * 7 })).items ?? [],
      ),
    );
    expect(paged.flat().slice(0, 500)).toEqual(all.items);
    expect(new Set(paged.flat().map((row) => row.ip)).size).toBe(all.total);
  });

  test("each row of the address table is what its address says of itself", async () => {
    for (const row of (await listAddresses(inventory, { limit: 100 })).items ?? []) {
      const one = AddressDetail.parse(readAddress(inventory, row.ip));
      const { explanation, outside, ...rest } = one;
      expect(explanation).toContain(row.ip);
      expect(outside).toBe(inventory.space.pools.get("", row.pool ?? "") === null);
      expect({ ...rest, state: row.state }).toEqual({ ...row, lastIp: null });
    }
  });
});

function bigintOf(digits: string | null | undefined): bigint {
  if (digits === null || digits === undefined) throw new Error("a count is unknown");
  return BigInt(digits);
}

/**
 * Lines of a printed table. For IPv6 pools of /65 and shorter calicoctl ≥ 3.33 prints the overflow of a 64-bit number where
 * we print the count: those tables are compared by what is left of the figures.
 */
function comparable(text: unknown): string[] {
  const lines = String(text).split("\n");
  if (!/e\+1[89]/.test(String(text))) return lines;
  return lines.filter((line) => line.startsWith("|")).map((line) => line.split("|").slice(1, 3).join("|"));
}
