import { type Cidr, cidrContainsCidr } from "../../ipam/cidr.ts";
import type { PoolRoom } from "../../ipam/impact-capacity.ts";
import type { ImpactInput } from "../../ipam/impact.ts";
import { poolSpace } from "../../ipam/pool-space.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { PoolRow } from "../../inventory/pool-row.ts";

type Use = Extract<ImpactInput["use"], { known: true }>["value"];

/**
 * What lies in the pool's range, whichever pool it is counted for elsewhere. `isFreed`: only what no other pool covers; the rest
 * loses nothing when this one goes.
 */
export function useOf({ space }: Inventory, { name, pool }: PoolRow, isFreed: boolean): Use {
  const others = [...space.overlapGroup(pool.cidr)].filter(
    (other) => other.name !== name && !other.pool.deleting,
  );
  const isCovered = (block: Cidr) => others.some((other) => cidrContainsCidr(other.pool.cidr, block));
  const blocks = space.blocksWithin(pool.cidr).filter(({ cidr }) => !isFreed || !isCovered(cidr));
  let [inUse, pods, tunnels] = [0, 0, 0];
  for (const { counts } of blocks) {
    inUse += counts.inUse;
    pods += counts.byKind.pod;
    tunnels += counts.byKind.tunnel;
  }
  return {
    inUse: BigInt(inUse),
    pods: BigInt(pods),
    tunnels: BigInt(tunnels),
    blocks: BigInt(blocks.length),
  };
}

/** By pool name. */
export function roomOf(inventory: Inventory): ReadonlyMap<string, PoolRoom> {
  const { space } = inventory;
  return new Map(
    Array.from(space.pools, (row) => {
      const isAlone = space.overlapGroup(row.pool.cidr).size <= 1;
      return [row.name, isAlone ? roomAlone(inventory, row) : roomShared(inventory, row)];
    }),
  );
}

function roomAlone({ space }: Inventory, row: PoolRow): PoolRoom {
  const { freeOutsideBlocks, blocksLeft } = space.space(row);
  const { free, byKind } = space.tallies.pool(row.name);
  return { free: BigInt(free) + freeOutsideBlocks, blocksLeft, pods: BigInt(byKind.pod) };
}

/** Blocks in the range count here, also those that another pool is charged with. */
function roomShared({ space }: Inventory, { pool }: PoolRow): PoolRoom {
  const blocks = space.blocksWithin(pool.cidr);
  const cidrs = blocks.map(({ cidr }) => cidr);
  const { freeOutsideBlocks, blocksLeft } = poolSpace(pool, cidrs, space.reservedSet);
  let [free, pods] = [0, 0];
  for (const { counts } of blocks) {
    free += counts.free;
    pods += counts.byKind.pod;
  }
  return { free: BigInt(free) + freeOutsideBlocks, blocksLeft, pods: BigInt(pods) };
}
