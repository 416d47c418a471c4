import type { ImpactStatement } from "./impact.ts";
import { type ImpactChange, poolsWith } from "./impact-change.ts";
import type { TunnelMove, TunnelWorld } from "./impact-tunnel-plan.ts";
import { tunnelWords } from "./impact-tunnels.ts";
import { about } from "./impact-words.ts";
import type { Pool } from "./pool.ts";
import { overlapWinners } from "./pool-state.ts";

/**
 * What taking the change back would not bring back: reckoned by changing the pools back, as they are after the change. Null: there is
 * no way back.
 */
export function undoStatements(
  change: ImpactChange,
  { world, moves }: { world: TunnelWorld | null; moves: readonly TunnelMove[] | null },
): ImpactStatement[] | null {
  const { action, pool, pools, after, poolAfter, hasController } = change;
  if (action === "delete" || poolAfter === null) return null;
  const back = poolsWith(after, pool.name, { ...pool, allocatable: poolAfter.allocatable }, hasController);
  return [...placeStatements(pools, back), ...tunnelStatements(moves, world?.pass(after, back) ?? [])];
}

/**
 * Who holds a range keeps it, also from whoever had it before.
 * Source: projectcalico/calico@87c1590 kube-controllers/pkg/controllers/ippool/pool_controller.go
 */
function placeStatements(pools: readonly Pool[], back: readonly Pool[]): ImpactStatement[] {
  const [before, then] = [overlapWinners(pools), overlapWinners(back)];
  return back.flatMap((pool): ImpactStatement[] => {
    const [was, is] = [before.get(pool.name), then.get(pool.name)];
    const statement = (detail: string): ImpactStatement => ({
      kind: "poolState",
      subject: about(pool.name),
      count: null,
      detail,
      certainty: "exact",
    });
    if (was === undefined && is !== undefined)
      return [statement(`stays at CIDROverlap: ${is.name} has the range by then and keeps it`)];
    return was !== undefined && is === undefined
      ? [statement(`keeps the range that it took from ${was.name}`)]
      : [];
  });
}

/** Source: projectcalico/calico@87c1590 node/pkg/allocateip/allocateip.go (an address in a pool that qualifies is kept) */
function tunnelStatements(
  moves: readonly TunnelMove[] | null,
  back: readonly TunnelMove[],
): ImpactStatement[] {
  const returned = new Map(back.map((move) => [`${move.type} ${move.node}`, move]));
  return (moves ?? []).flatMap(({ node, type, from, to, pool, candidates, error }): ImpactStatement[] => {
    if (from === null || from === to) return [];
    const again = returned.get(`${type} ${node}`);
    const common = {
      kind: "moves",
      subject: { kind: "Node", name: node },
      count: null,
      certainty: "exact",
    } as const;
    if (again === undefined) {
      const named = (pool ?? candidates[0])?.name;
      if (error !== null || named === undefined) return [];
      const detail = `its ${tunnelWords(type)} stays in ${named}: none is ever moved back`;
      return [{ ...common, from, to: to === null ? named : `${named} (${to})`, detail }];
    }
    if (again.to === from) return [];
    const goal = (again.pool ?? again.candidates[0])?.name;
    if (goal === undefined) return [];
    const detail = `gets another ${tunnelWords(type)} of ${goal}`;
    return [{ ...common, from, to: again.to === null ? goal : `${goal} (${again.to})`, detail }];
  });
}
