import {
  entryCidr,
  entryFields,
  IGNORE_ANNOTATION,
  isAdopted,
  OPERATOR_LABEL,
  type PoolEntry,
} from "../../calico/installation-pools.ts";
import { text } from "../../calico/reading.ts";
import { formatCidr, sameCidr } from "../../ipam/cidr.ts";
import type { Pool } from "../../ipam/pool.ts";

/** What the operator's pool controller would do now. */
interface OperatorPlan {
  /** Pools to create or to bring to what their entry says. `old` null: there is none of that range. */
  readonly write: readonly { readonly pool: Pool; readonly old: Pool | null }[];
  /** Pools of its own that the list has no more. */
  readonly remove: readonly Pool[];
  /** Why the operator reports itself degraded, in its words. */
  readonly degraded: string | null;
}

/** `entries` are complete, as `filledEntry` leaves them. Source: tigera/operator pkg/controller/ippool/pool_controller.go Reconcile */
export function operatorPlan(entries: readonly PoolEntry[], pools: readonly Pool[]): OperatorPlan {
  const invalid = entriesProblem(entries);
  if (invalid !== null) return { write: [], remove: [], degraded: invalid };
  const free = pools.filter((pool) => pool.annotations[IGNORE_ANNOTATION] !== "true");
  const isOwn = (pool: Pool): boolean => isLabelled(pool) || entries.some((entry) => isAdopted(pool, entry));
  const write: { pool: Pool; old: Pool | null }[] = [];
  let degraded: string | null = null;
  for (const entry of entries) {
    const cidr = entryCidr(entry);
    if (cidr === null) continue;
    const old = pools.find((pool) => sameCidr(pool.cidr, cidr)) ?? null;
    if (old !== null && !free.includes(old)) continue;
    if (old !== null && !isOwn(old)) {
      degraded = "Cannot update an IP pool not owned by the operator";
      continue;
    }
    const pool = wanted(entry, old);
    if (pool !== null && (old === null || !isSame(old, pool))) write.push({ pool, old });
  }
  const isListed = ({ cidr }: Pool): boolean =>
    entries.some((entry) => {
      const own = entryCidr(entry);
      return own !== null && sameCidr(own, cidr);
    });
  const remove = free.filter((pool) => isLabelled(pool) && !isListed(pool) && !pool.deleting);
  return { write, remove, degraded };
}

function isLabelled({ labels }: Pool): boolean {
  return Object.entries(OPERATOR_LABEL).every(([key, value]) => labels[key] === value);
}

/** The whole spec is the entry's: what it has no field for is gone. Labels and annotations of others stay. */
function wanted(entry: PoolEntry, old: Pool | null): Pool | null {
  const [cidr, fields] = [entryCidr(entry), entryFields(entry)];
  if (cidr === null || fields === null) return null;
  return {
    name: text(entry.name) ?? old?.name ?? "",
    uid: old?.uid ?? "",
    resourceVersion: old?.resourceVersion ?? "",
    createdAt: old?.createdAt ?? "",
    annotations: old?.annotations ?? {},
    labels: { ...old?.labels, ...OPERATOR_LABEL },
    cidr,
    ...fields,
    namespaceSelector: "",
    deleting: old?.deleting ?? false,
    allocatable: old?.allocatable ?? null,
  };
}

function isSame(one: Pool, other: Pool): boolean {
  const shown = (pool: Pool): string => {
    const { cidr, ...rest } = pool;
    return JSON.stringify({ ...rest, cidr: formatCidr(cidr) }, sorted);
  };
  return shown(one) === shown(other);
}

const sorted = (_key: string, value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** The first thing that the operator refuses about the list. Source of the texts: tigera/operator pkg/controller/ippool/validation.go */
function entriesProblem(entries: readonly PoolEntry[]): string | null {
  const seen = new Set<string>();
  for (const entry of entries) {
    const cidr = entryCidr(entry);
    const shown = String(entry.cidr);
    if (cidr === null) return `IP pool CIDR (${shown}) is invalid: invalid CIDR address: ${shown}`;
    if (seen.has(formatCidr(cidr))) return `IP pool ${shown} is specified more than once`;
    seen.add(formatCidr(cidr));
    const fields = entryFields(entry);
    if (fields === null) continue;
    const { blockSize, allowedUses } = fields;
    const [least, most] = cidr.family === 4 ? [20, 32] : [116, 128];
    if (blockSize < least || blockSize > most)
      return `IPv${cidr.family} pool block size must be greater than ${least - 1} and less than or equal to ${most}`;
    if (blockSize < cidr.prefix)
      return "IP pool size is too small. It must be equal to or greater than the block size";
    if (allowedUses.includes("LoadBalancer") && allowedUses.length > 1)
      return `IP pool ${shown} AllowedUse LoadBalancer cannot be used with Workload/Tunnel`;
  }
  return null;
}
