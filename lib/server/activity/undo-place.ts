import { hasPoolController } from "../../calico/dialect.ts";
import type { Activity } from "../../contract/activity.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { poolsWith } from "../../ipam/impact-change.ts";
import { overlapWinners } from "../../ipam/pool-state.ts";

/**
 * Whether a pool that was disabled would get its range back; null: it would, or this cluster's Calico lets overlapping pools give
 * addresses. Reckoned by what the pools are, for conditions follow a moment later.
 * Source: projectcalico/calico@87c1590 kube-controllers/pkg/controllers/ippool/pool_controller.go
 */
export function placeNote(
  { space, detection }: Inventory,
  { object, from, to }: Pick<Activity, "object" | "from" | "to">,
): string | null {
  const isEnabling = from?.["disabled"] === false && to?.["disabled"] === true;
  if (!isEnabling || object?.kind !== "IPPool" || !hasPoolController(detection?.apiMode ?? null)) return null;
  const pool = space.pools.get("", object.name)?.pool;
  if (!pool) return null;
  const pools = poolsWith(
    Array.from(space.pools, (row) => row.pool),
    pool.name,
    pool,
    true,
  );
  const back = pools.map((one) => (one.name === pool.name ? { ...one, disabled: false } : one));
  const winner = overlapWinners(back).get(pool.name);
  if (winner === undefined) return null;
  return `Enabled again, ${pool.name} gives no addresses all the same: ${winner.name} has its range by then and keeps it.`;
}
