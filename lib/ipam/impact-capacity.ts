import type { ImpactStatement } from "./impact.ts";
import { type ImpactChange, serves } from "./impact-change.ts";
import { readSelector } from "./impact-nodes.ts";
import { about, addresses, number, pods, small } from "./impact-words.ts";
import type { Pool } from "./pool.ts";
import { matches } from "./selector.ts";

/** What is free in a pool. */
export interface PoolRoom {
  /** Addresses that are neither in use nor reserved. */
  readonly free: bigint;
  /** Blocks that no node has claimed and no reservation covers. */
  readonly blocksLeft: bigint;
}

/** What is left for pods that name no pool once this one gives them nothing, or what it adds. */
export function capacityStatements(change: ImpactChange): ImpactStatement[] {
  const { pool, poolAfter } = change;
  const [before, then] = [serves(pool), poolAfter !== null && serves(poolAfter)];
  if (then && !before) return gained(change);
  const isStopped = change.action === "disable" || change.action === "delete" || before;
  return isStopped && !then ? left(change) : [];
}

function gained({ pool, room }: ImpactChange): ImpactStatement[] {
  if (!room.known) return [];
  const free = room.value.get(pool.name)?.free ?? 0n;
  const detail = `${pool.name} adds ${addresses(free)} that ${free === 1n ? "is" : "are"} free.`;
  return [{ kind: "capacity", subject: about(pool.name), count: small(free), detail, certainty: "exact" }];
}

function left(change: ImpactChange): ImpactStatement[] {
  const { pool, room } = change;
  const common = { kind: "capacity", subject: about(pool.name) } as const;
  const family = `IPv${pool.cidr.family}`;
  const others = remaining(change);
  if (others.length === 0) {
    const detail = `No other automatic ${family} pool gives addresses to pods.`;
    return [{ ...common, count: 0, detail, certainty: "exact" }];
  }
  const reason = room.known ? unselected(change, others) : room.reason;
  if (!room.known || reason !== null) {
    const isOne = others.length === 1;
    const remain = isOne ? "pool remains" : "pools remain";
    const detail = `${others.length} other automatic ${family} ${remain}; how much is free in ${isOne ? "it" : "them"} is unknown.`;
    return [{ ...common, count: null, detail, certainty: "unknown", reason: reason ?? "" }];
  }
  const rooms = others.map((other) => ({ other, ...(room.value.get(other.name) ?? NO_ROOM) }));
  const sum = rooms.reduce((total, { free }) => total + free, 0n);
  const listed = rooms
    .slice(0, 3)
    .map(({ other, free, blocksLeft }) => `${other.name} ${number(free)} (${blocks(blocksLeft)} to claim)`);
  const more = rooms.length > 3 ? ` and ${rooms.length - 3} more` : "";
  const sentence = `${addresses(sum)} stay free in other automatic ${family} pools: ${listed.join(", ")}${more}.`;
  return [{ ...common, count: small(sum), detail: sentence + fit(change, others, sum), certainty: "exact" }];
}

const NO_ROOM: PoolRoom = { free: 0n, blocksLeft: 0n };

/** Whether the pods that run here find an address if all of them start anew. */
function fit({ use }: ImpactChange, others: readonly Pool[], free: bigint): string {
  if (!use.known || use.value.pods === 0n) return "";
  const running = use.value.pods;
  if (running > free)
    return ` ${free === 0n ? "None" : `Only ${number(free)}`} of the ${pods(running)} that run${running === 1n ? "s" : ""} here can restart.`;
  const isPartial = others.some(
    ({ nodeSelector, namespaceSelector }) => !selectsAll(nodeSelector) || !selectsAll(namespaceSelector),
  );
  const limits = isPartial ? ", where node and namespace selectors let them" : "";
  return ` The ${pods(running)} that run${running === 1n ? "s" : ""} here fit${running === 1n ? "s" : ""} in${limits}.`;
}

/** Why it is unknown which of the pools help anybody; null: it is known. */
function unselected({ nodes, namespaces }: ImpactChange, others: readonly Pool[]): string | null {
  if (!nodes.known && others.some(({ nodeSelector }) => !selectsAll(nodeSelector))) return nodes.reason;
  if (!namespaces.known && others.some(({ namespaceSelector }) => !selectsAll(namespaceSelector)))
    return namespaces.reason;
  return null;
}

function selectsAll(selector: string): boolean {
  return readSelector(selector)?.kind === "all";
}

/** Pools that give addresses to some pod on some node; what is free in any other helps nobody. */
function remaining({ pool, after, selection, namespaces }: ImpactChange): Pool[] {
  return after.filter((other) => {
    if (other.name === pool.name || other.cidr.family !== pool.cidr.family || !serves(other)) return false;
    if (other.blockSize < other.cidr.prefix) return false;
    if (selection?.matching(other)?.length === 0) return false;
    const selector = readSelector(other.namespaceSelector);
    if (selector === null || !namespaces.known || selector.kind === "all") return selector !== null;
    return namespaces.value.some(({ labels }) => matches(selector, labels));
  });
}

function blocks(count: bigint): string {
  if (count <= 0n) return "no block";
  return count === 1n ? "1 block" : `${number(count)} blocks`;
}
