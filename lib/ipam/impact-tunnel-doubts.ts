import type { Cidr } from "./cidr.ts";
import type { TunnelBlocks } from "./impact-tunnel-blocks.ts";
import type { TunnelMove } from "./impact-tunnel-plan.ts";
import { isIn } from "./impact-tunnel-wish.ts";
import type { Pool } from "./pool.ts";
import type { TunnelPlan } from "./tunnels.ts";

/** Where a new address comes from: a block that the node owned before, one that it claims now, or whichever has room. */
interface Source {
  readonly how: "own" | "claimed" | "found";
  readonly block: Cidr;
}

export interface Planned extends TunnelMove {
  readonly source: Source | null;
}

export function sourceOf({ writes }: TunnelPlan, owned: readonly Cidr[], to: string | null): Source | null {
  const own = owned.find((cidr) => isIn(cidr, to));
  if (own !== undefined) return { how: "own", block: own };
  const written = writes.filter((write) => write.kind === "block" && isIn(write.block.cidr, to));
  const [first] = written.flatMap((write) => (write.kind === "block" ? write : []));
  return first === undefined
    ? null
    : { how: first.op === "create" ? "claimed" : "found", block: first.block.cidr };
}

/** Pools in which nodes look for a new block and do not all find one. */
function shortPools(planned: readonly Planned[]): ReadonlySet<Pool> {
  return new Set(
    planned.flatMap(({ source, candidates, pool }) => {
      if (source?.how === "own") return [];
      const at = pool === null ? candidates.length : candidates.indexOf(pool);
      return candidates.slice(0, source?.how === "found" ? at + 1 : at);
    }),
  );
}

/**
 * Takes back what is only true when nodes pass in the order in which they were planned. `isAll` false: more nodes look for blocks than
 * were planned, so nobody knows who gets which.
 */
export function withDoubts(planned: readonly Planned[], blocks: TunnelBlocks, isAll: boolean): TunnelMove[] {
  const short = shortPools(planned);
  return planned.map(({ source, ...move }) => {
    const judged = judge({ source, ...move }, short, blocks);
    return isAll || source?.how === "own" ? judged : { ...judged, to: null };
  });
}

/** What does not depend on the order of the nodes is certain. */
function judge({ source, ...move }: Planned, short: ReadonlySet<Pool>, blocks: TunnelBlocks): TunnelMove {
  const { node, to, error, pool, candidates } = move;
  if (to === null && error === null) return move;
  const isTouched = (range: Cidr) => blocks.isTouched(range, node);
  const isDisturbed = candidates.some(({ cidr }) => isTouched(cidr));
  if (source === null || pool === null || source.how === "found")
    return { ...move, to: isDisturbed ? null : to, doubt: isDisturbed ? "race" : null };
  const isShared = isTouched(source.block);
  if (source.how === "own") return { ...move, to: isShared ? null : to, doubt: isShared ? "race" : null };
  const isLate = candidates.indexOf(pool) > 0 && isDisturbed;
  const doubt = isLate || short.has(pool) ? "race" : null;
  const isSure = doubt === null && !isShared && !blocks.hasRace(pool.cidr);
  return { ...move, doubt, to: isSure ? to : null };
}
