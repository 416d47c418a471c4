import type { TunnelType } from "./attribute-kind.ts";
import type { ImpactStatement } from "./impact.ts";
import { type ImpactChange, poolsWith } from "./impact-change.ts";
import type { TunnelMove, TunnelWorld } from "./impact-tunnel-plan.ts";
import { tunnelWords } from "./impact-tunnels.ts";
import { about, number } from "./impact-words.ts";
import type { Pool } from "./pool.ts";
import { overlapWinners } from "./pool-state.ts";

/**
 * What taking the change back would not bring back: reckoned by changing the pools back, as they are after the change. Null: there is
 * no way back.
 */
export function* undoStatements(
  change: ImpactChange,
  { world, moves }: { world: TunnelWorld | null; moves: readonly TunnelMove[] | null },
): Generator<void, ImpactStatement[] | null> {
  const { pool, pools, after, poolAfter, hasController } = change;
  if (poolAfter === null) return null;
  const back = poolsWith(after, pool.name, { ...pool, allocatable: poolAfter.allocatable }, hasController);
  const isLeft = moves?.some(({ from, to }) => from !== null && from !== to) ?? false;
  const returned = isLeft && world !== null ? yield* world.pass(after, back) : [];
  return [...placeStatements(pools, back), ...tunnelStatements(pool.name, moves ?? [], returned)];
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

interface Return {
  readonly node: string;
  readonly type: TunnelType;
  readonly from: string;
  readonly pool: string;
  readonly address: string | null;
  readonly stays: boolean;
}

/** Nodes named one by one; more of a kind are counted. */
const NAMED_NODES = 20;

/** Source: projectcalico/calico@87c1590 node/pkg/allocateip/allocateip.go (an address in a pool that qualifies is kept) */
function tunnelStatements(
  from: string,
  moves: readonly TunnelMove[],
  back: readonly TunnelMove[],
): ImpactStatement[] {
  const returned = new Map(back.map((move) => [`${move.type} ${move.node}`, move]));
  const returns = moves.flatMap((move) => returnOf(move, returned.get(`${move.type} ${move.node}`)) ?? []);
  const groups = Map.groupBy(returns, ({ type, pool, stays }) => `${type} ${stays} ${pool}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined || group.length <= NAMED_NODES
      ? group.map(oneNode)
      : [manyNodes(first, from, group.length)];
  });
}

/** Null: the node has the same address again. */
function returnOf(
  { node, type, from, to, pool, candidates, error }: TunnelMove,
  again: TunnelMove | undefined,
): Return | null {
  if (from === null || from === to) return null;
  if (again !== undefined) {
    const goal = (again.pool ?? again.candidates[0])?.name;
    if (again.to === from || goal === undefined) return null;
    return { node, type, from, pool: goal, address: again.to, stays: false };
  }
  const goal = (pool ?? candidates[0])?.name;
  if (error !== null || goal === undefined) return null;
  return { node, type, from, pool: goal, address: to, stays: true };
}

function oneNode({ node, type, from, pool, address, stays }: Return): ImpactStatement {
  return {
    kind: "moves",
    subject: { kind: "Node", name: node },
    from,
    to: address === null ? pool : `${pool} (${address})`,
    count: null,
    detail: stays
      ? `its ${tunnelWords(type)} stays in ${pool}: none is ever moved back`
      : `gets another ${tunnelWords(type)} of ${pool}`,
    certainty: "exact",
  };
}

function manyNodes({ type, pool, stays }: Return, from: string, count: number): ImpactStatement {
  const nodes = number(BigInt(count));
  return {
    kind: "moves",
    subject: { kind: "Node", name: `${nodes} nodes` },
    from,
    to: pool,
    count,
    detail: stays
      ? `their ${tunnelWords(type)} stays in ${pool}: none is ever moved back`
      : `get another ${tunnelWords(type)} of ${pool}`,
    certainty: "exact",
  };
}
