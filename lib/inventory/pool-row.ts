import { POOL_FINALIZER } from "../calico/dialect.ts";
import { fieldManagers } from "../calico/field-managers.ts";
import { viewMetadata } from "../calico/metadata.ts";
import { type ManagedBy, managedBy, OWN_FIELD_MANAGER } from "../calico/owner.ts";
import { parsePool } from "../calico/parse-pool.ts";
import type { RawRecord } from "../calico/reading.ts";
import type { Pool } from "../ipam/pool.ts";
import { identity } from "./raw.ts";
import type { Row } from "./table.ts";
import { unreadable, type UnreadableRow } from "./unreadable.ts";

export interface PoolRow extends Row {
  readonly pool: Pool;
  readonly managedBy: ManagedBy;
  /** Who wrote each field of the spec last; empty where the cluster does not say. */
  readonly fieldManagers: ReadonlyMap<string, string>;
  /** What keeps it from going once it is deleted. */
  readonly finalizers: readonly string[];
  readonly oddities: readonly string[];
}

/**
 * Calico's pool controller holds it once it is deleted, until no block lies in its range. From a pool that gives no addresses it
 * takes its finalizer.
 * Source: projectcalico/calico@87c1590 kube-controllers/pkg/controllers/ippool/pool_controller.go
 */
export function isGuarded({ pool, finalizers }: PoolRow): boolean {
  return finalizers.includes(POOL_FINALIZER) && !pool.disabled && pool.allocatable?.status !== "False";
}

export function poolRow(raw: RawRecord): PoolRow | UnreadableRow | null {
  const known = identity(raw);
  if (!known) return null;
  const { value, oddities } = parsePool(raw);
  if (!value) return unreadable(known, oddities);
  const { finalizers } = viewMetadata(raw);
  return {
    ...known,
    namespace: "",
    pool: value,
    managedBy: managedBy(raw),
    fieldManagers: fieldManagers(raw, OWN_FIELD_MANAGER),
    finalizers,
    oddities,
    gone: false,
  };
}
