import { hasPoolController } from "../../calico/dialect.ts";
import { overlapWinners, type PoolState, poolState as judge } from "../../ipam/pool-state.ts";
import type { Pool } from "../../ipam/pool.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { PoolRow } from "../../inventory/pool-row.ts";
import { eligibleNodes } from "./namespace-pools.ts";

/** Whether the pool gives addresses, judged from what has been read. */
export function poolState(inventory: Inventory, { name, pool }: PoolRow): PoolState {
  const { space, nodes, states, detection } = inventory;
  const matching = eligibleNodes(inventory, pool);
  const group = Array.from(space.overlapGroup(pool.cidr), (row) => row.pool);
  return judge({
    pool,
    winner: overlapWinners(group).get(name) ?? null,
    hasController: hasPoolController(detection?.apiMode ?? null),
    blocks: states.knows("blocks") ? blocksLeft(inventory, pool) : null,
    inUse: states.knows("blocks") ? BigInt(space.tallies.pool(name).inUse) : null,
    nodes: matching === null ? null : { matching, all: nodes.table.size },
  });
}

/** Asked only of pools that wait for their end: everything in the range counts, whichever pool it is counted for. */
function blocksLeft({ space }: Inventory, { deleting, cidr }: Pool): number {
  return deleting ? space.blocksWithin(cidr).length : 0;
}
