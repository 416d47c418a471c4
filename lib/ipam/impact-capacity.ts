import { isEnabled } from "./candidate-pools.ts";
import { cidrContainsCidr } from "./cidr.ts";
import { compareNames } from "./cidr-name.ts";
import type { ImpactStatement } from "./impact.ts";
import type { AssignmentJudge } from "./impact-assignment.ts";
import { type ImpactChange, serves } from "./impact-change.ts";
import { readSelector } from "./impact-nodes.ts";
import type { PodOrigin } from "./impact-unchanged.ts";
import { about, addresses, number, pods, small } from "./impact-words.ts";
import type { Pool } from "./pool.ts";
import { matches } from "./selector.ts";

/** What is free in a pool. */
export interface PoolRoom {
  /** Addresses that are neither in use nor reserved. */
  readonly free: bigint;
  /** Blocks that no node has claimed and no reservation covers. */
  readonly blocksLeft: bigint;
  /** Addresses in use that are pods'. */
  readonly pods: bigint;
}

/** What is left for pods that name no pool once this one gives them nothing, or what it adds; of a pool for Services, what is left for those. */
export function capacityStatements(change: ImpactChange, judge: AssignmentJudge): ImpactStatement[] {
  const { pool, poolAfter, use } = change;
  if (givesServices(pool) && (poolAfter === null || !givesServices(poolAfter)))
    return [leftForServices(change)];
  const [before, then] = [serves(pool), poolAfter !== null && serves(poolAfter)];
  if (then && !before) return gained(change);
  // Who runs in a pool that gives nothing already has to go elsewhere, too, once it is gone.
  const isHome = isForPods(pool) && (!use.known || use.value.pods > 0n);
  const isStopped = before || (poolAfter === null && isHome);
  return isStopped && !then ? left(change, judge) : [];
}

const isForPods = ({ allowedUses }: Pool) => allowedUses.includes("Workload");

const givesServices = (pool: Pool) => isEnabled(pool) && pool.allowedUses.includes("LoadBalancer");

/**
 * Services that have an address keep it; who wants one now looks at all pools of that use.
 * Source: projectcalico/calico@87c1590 kube-controllers/pkg/controllers/loadbalancer/loadbalancer_controller.go
 */
function leftForServices({ pool, after, room }: ImpactChange): ImpactStatement {
  const common = { kind: "capacity", subject: about(pool.name) } as const;
  const others = after.filter(
    (one) => one.name !== pool.name && one.cidr.family === pool.cidr.family && givesServices(one),
  );
  const family = `IPv${pool.cidr.family}`;
  const names = others.map(({ name }) => name).join(", ");
  if (others.length === 0) {
    const detail = `No other ${family} pool gives addresses to LoadBalancer Services: new ones get none.`;
    return { ...common, count: 0, detail, certainty: "exact" };
  }
  if (!room.known) {
    const detail = `LoadBalancer Services get addresses from ${names}; how much is free there is unknown.`;
    return { ...common, count: null, detail, certainty: "unknown", reason: room.reason };
  }
  const sum = others.reduce((total, { name }) => total + (room.value.get(name)?.free ?? 0n), 0n);
  const detail = `${addresses(sum)} ${sum === 1n ? "stays" : "stay"} free for LoadBalancer Services in ${names}.`;
  return { ...common, count: small(sum), detail, certainty: "exact" };
}

function gained({ pool, room }: ImpactChange): ImpactStatement[] {
  if (!room.known) return [];
  const free = room.value.get(pool.name)?.free ?? 0n;
  const detail = `${pool.name} adds ${addresses(free)} that ${free === 1n ? "is" : "are"} free.`;
  return [{ kind: "capacity", subject: about(pool.name), count: small(free), detail, certainty: "exact" }];
}

function left(change: ImpactChange, judge: AssignmentJudge): ImpactStatement[] {
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
  const apart = rooms.filter(({ other }) => !others.some((wide) => isInside(other, wide)));
  const sum = apart.reduce((total, { free }) => total + free, 0n);
  const listed = rooms
    .slice(0, 3)
    .map(({ other, free, blocksLeft }) => `${other.name} ${number(free)} (${blocks(blocksLeft)} to claim)`);
  const more = rooms.length > 3 ? ` and ${rooms.length - 3} more` : "";
  const sentence = `${addresses(sum)} stay free in other automatic ${family} pools: ${listed.join(", ")}${more}.${apart.length < rooms.length ? " Ranges that overlap count once." : ""}`;
  return [
    {
      ...common,
      count: small(sum),
      detail: sentence + fit(change, judge, { others, free: sum }),
      certainty: "exact",
    },
  ];
}

/** Of two pools of one range the first by name counts. */
function isInside({ name, cidr }: Pool, wide: Pool): boolean {
  if (wide.name === name || !cidrContainsCidr(wide.cidr, cidr)) return false;
  return wide.cidr.prefix < cidr.prefix || compareNames(wide.name, name) < 0;
}

const NO_ROOM: PoolRoom = { free: 0n, blocksLeft: 0n, pods: 0n };

/** Whether the pods that run here find an address if all of them start anew; who asks for what is gone does not look elsewhere. */
function fit(
  { use, origins }: ImpactChange,
  judge: AssignmentJudge,
  { others, free }: { readonly others: readonly Pool[]; readonly free: bigint },
): string {
  if (!use.known || use.value.pods === 0n) return "";
  const running = use.value.pods;
  const stuck = origins.known ? stuckPods(origins.value, judge, running) : 0n;
  const seekers = running - stuck;
  const here = (count: bigint) => `the ${pods(count)} that run${count === 1n ? "s" : ""} here`;
  if (seekers === 0n) return ` None of them is for ${here(running)}.`;
  if (stuck > 0n) {
    const rest = seekers === 1n ? "the other one" : `the other ${number(seekers)}`;
    const end =
      seekers > free
        ? `only ${number(free)} of ${rest} can restart`
        : `${rest} fit${seekers === 1n ? "s" : ""} in${limits(others)}`;
    return ` Of ${here(running)} ${number(stuck)} get${stuck === 1n ? "s" : ""} none of them; ${end}.`;
  }
  if (seekers > free)
    return ` ${free === 0n ? "None" : `Only ${number(free)}`} of ${here(running)} can restart.`;
  const doubt = origins.known ? "" : ", as far as they name no pool";
  return ` The ${here(running).slice(4)} fit${running === 1n ? "s" : ""} in${limits(others)}${doubt}.`;
}

function stuckPods(origins: readonly PodOrigin[], judge: AssignmentJudge, most: bigint): bigint {
  let count = 0n;
  for (const origin of origins) if (judge.isStuck(origin)) count += BigInt(origin.pods);
  return count < most ? count : most;
}

function limits(others: readonly Pool[]): string {
  const isPartial = others.some(
    ({ nodeSelector, namespaceSelector }) => !selectsAll(nodeSelector) || !selectsAll(namespaceSelector),
  );
  return isPartial ? ", where node and namespace selectors let them" : "";
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
