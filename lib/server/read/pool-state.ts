import { type PoolState, poolState as judge } from "../../ipam/pool-state.ts";
import type { Pool } from "../../ipam/pool.ts";
import type { AddressSpace } from "../../inventory/address-space.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { PoolRow } from "../../inventory/pool-row.ts";
import { eligibleNodes } from "./namespace-pools.ts";

/** Whether the pool gives addresses, judged from what has been read. */
export function poolState(inventory: Inventory, { name, pool }: PoolRow): PoolState {
  const { space, nodes, states } = inventory;
  const matching = eligibleNodes(inventory, pool);
  return judge({
    pool,
    pools: overlapping(space, pool),
    inUse: states.knows("blocks") ? BigInt(space.tallies.pool(name).inUse) : null,
    nodes: matching === null ? null : { matching, all: nodes.table.size },
  });
}

/** The pools that overlap, those that overlap them, and so on: who keeps whom from a range depends on no others. */
function overlapping(space: AddressSpace, pool: Pool): readonly Pool[] {
  const found = new Set([pool]);
  for (const one of found) for (const other of space.overlappingPools(one.cidr)) found.add(other.pool);
  return [...found];
}
