import type { ImpactStatement } from "./impact.ts";
import type { ImpactChange } from "./impact-change.ts";
import { about } from "./impact-words.ts";
import type { Pool } from "./pool.ts";
import { overlapWinners, poolState, type PoolState } from "./pool-state.ts";

/** Pools whose state changes with this one's, the pool itself where it does not become what was asked for. */
export function stateStatements(change: ImpactChange): ImpactStatement[] {
  const [before, then] = [statesOf(change, change.pools), statesOf(change, change.after)];
  const { poolAfter, pool } = change;
  const own = poolAfter === null ? [] : ownStatements(change, before.get(pool.name), then.get(pool.name));
  const others = change.after.filter(({ name }) => name !== pool.name);
  const told = [...own, ...others.flatMap((other) => otherStatements(change, other))];
  return told.map(({ name, detail }) => {
    const [from, to] = [before.get(name)?.reason, then.get(name)?.reason];
    const move = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
    return { kind: "poolState", subject: about(name), ...move, count: null, detail, certainty: "exact" };
  });
}

interface Told {
  readonly name: string;
  readonly detail: string;
}

function statesOf(
  { nodes, hasController, selection }: ImpactChange,
  pools: readonly Pool[],
): ReadonlyMap<string, PoolState> {
  const winners = overlapWinners(pools);
  return new Map(
    pools.map((pool) => {
      const matching = selection?.count(pool) ?? null;
      const all = nodes.known ? nodes.value.length : 0;
      const state = poolState({
        pool,
        winner: winners.get(pool.name) ?? null,
        inUse: null,
        blocks: null,
        hasController,
        nodes: matching === null ? null : { matching, all },
      });
      return [pool.name, state];
    }),
  );
}

function ownStatements(
  { pool, after, changed, poolAfter, hasController }: ImpactChange,
  before: PoolState | undefined,
  then: PoolState | undefined,
): Told[] {
  if (before === undefined || then === undefined || poolAfter === null) return [];
  const isTurned = changed.has("disabled");
  if (isTurned && poolAfter.disabled) return [];
  const winner = overlapWinners(after).get(pool.name);
  // Nobody judges pools there: both give addresses.
  const isJudged = hasController || poolAfter.allocatable !== null;
  if (isTurned && winner !== undefined && !isJudged)
    return [
      {
        name: pool.name,
        detail: `overlaps ${winner.name}, and both give addresses: nothing in this cluster stops either`,
      },
    ];
  if (isTurned && winner !== undefined) {
    const detail = `does not get its range back: ${winner.name} has it, and ${pool.name} stays at CIDROverlap`;
    return [{ name: pool.name, detail: detail }];
  }
  if (then.allocatable && !before.allocatable && !isTurned)
    return [{ name: pool.name, detail: "starts giving addresses" }];
  const isWorse = !then.allocatable && (before.allocatable || isTurned) && !poolAfter.disabled;
  return isWorse ? [{ name: pool.name, detail: `gives no addresses. ${then.message}` }] : [];
}

function otherStatements({ pool, pools, after, isHeld }: ImpactChange, other: Pool): Told[] {
  const was = overlapWinners(pools).get(other.name);
  const is = overlapWinners(after).get(other.name);
  const isStopped = other.allocatable !== null;
  if (was !== undefined && is === undefined && !other.disabled) {
    const starts = ` and starts giving addresses${isHeld ? `, once ${pool.name} is gone` : ""}`;
    return [{ name: other.name, detail: `no longer overlaps an enabled pool${isStopped ? starts : ""}` }];
  }
  if (was !== undefined || is === undefined) return [];
  const detail = isStopped
    ? `overlaps ${is.name} and stops giving addresses`
    : `overlaps ${is.name}, which had the range first`;
  return [{ name: other.name, detail: detail }];
}
