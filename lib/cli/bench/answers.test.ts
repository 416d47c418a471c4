import { expect, test } from "vitest";
import { readIpamShow } from "../../server/read/ipam-show.ts";
import { listPools } from "../../server/read/pools.ts";
import { checkpointsOf, inventoryOf } from "../../inventory/testing.ts";
import { type Answered, compareAnswers, type Counted } from "./answers.ts";
import { countGroups, type RawBlock, type RawPool, type RawReservation } from "./calicoctl-count.ts";

/** The recorded clusters, answered by the product's own reads and counted from the raw objects. */
function momentsOf(recording: string): readonly { counted: Counted; answered: Answered }[] {
  return checkpointsOf(recording).map(({ cluster }) => {
    const { pools = [], blocks = [], reservations = [], nodes = [] } = cluster;
    const groups = countGroups(
      pools as readonly RawPool[],
      blocks as readonly RawBlock[],
      reservations as readonly RawReservation[],
    );
    const text = JSON.stringify(
      { groups, blocks: blocks.length, nodes: nodes.length, namespaces: 3, pods: 9 },
      (_, value: unknown) => (typeof value === "bigint" ? String(value) : value),
    );
    const inventory = inventoryOf(cluster);
    const answered = {
      pools: listPools(inventory, {}).items ?? [],
      show: readIpamShow(inventory, { blocks: true, layout: "v3.33" }),
      totals: { blocks: blocks.length, nodes: nodes.length, namespaces: 3, pods: 9 },
    };
    return { counted: JSON.parse(text) as Counted, answered };
  });
}

test.each(["borrowing", "churn-tight", "dual-stack", "orphans", "reserved", "tutorial"])(
  "%s: both count the same",
  (recording) => {
    for (const { counted, answered } of momentsOf(recording)) {
      const { compared, differences } = compareAnswers(counted, answered);
      expect(differences).toEqual([]);
      expect(compared).toBeGreaterThan(10);
    }
  },
);

test("one address more, one pod less and a block that is not there are named", () => {
  const { counted, answered } = momentsOf("tutorial").at(-1) ?? {};
  if (!counted || !answered) throw new Error("nothing recorded");
  const [first] = counted.groups;
  if (!first?.pool) throw new Error("no pool");
  const wrong = (change: Partial<Counted>) => compareAnswers({ ...counted, ...change }, answered).differences;
  const { pool } = first;
  const inUse = String(BigInt(pool.inUse) + 1n);
  const more = wrong({ groups: [{ ...first, pool: { ...pool, inUse } }, ...counted.groups.slice(1)] });
  expect(more[0]).toBe(`pool ${pool.name} in use: Poolboard says ${pool.inUse}, counted are ${inUse}`);
  expect(wrong({ pods: 8 })).toEqual(["pods: Poolboard says 9, counted are 8"]);
  expect(wrong({ groups: [{ ...first, blocks: [] }, ...counted.groups.slice(1)] }).join("\n")).toContain(
    `pool ${pool.name} blocks`,
  );
  expect(wrong({ groups: counted.groups.slice(1) }).join("\n")).toContain("pools: Poolboard says");
});
