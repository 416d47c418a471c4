import type { RawRecord } from "../../calico/reading.ts";
import { calicoResource } from "../../inventory/calico-resource.ts";
import type { PoolPatch } from "../../contract/pools.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { poolRow, type PoolRow } from "../../inventory/pool-row.ts";
import { isUnreadable } from "../../inventory/unreadable.ts";
import type { Pool } from "../../ipam/pool.ts";
import { ownerToOverride } from "../../ipam/pool-owner.ts";
import type { ClusterConnection } from "../../kube/connection.ts";
import { getObject, listAll } from "../../kube/objects.ts";
import { permissionOf } from "../permission.ts";
import { ProblemError } from "../problem.ts";
import { requireReady } from "../read/ready.ts";
import { toPool } from "../read/pools.ts";
import { isApiError, kubeProblem, type Attempt } from "./kube-problem.ts";
import { refusedFields } from "./pool-refusal.ts";

/** Data older than this decides no write. */
const STALE_MS = 60_000;

/** Throws ProblemError 503 when the cluster has not been reached for a minute. */
export function requireFresh(inventory: Inventory): void {
  requireReady(inventory);
  if (!inventory.stale || inventory.ageMs() < STALE_MS) return;
  throw new ProblemError(
    "stale",
    "The cluster has not been reached for a minute; nothing is written meanwhile.",
    {
      headers: { "Retry-After": "5" },
    },
  );
}

export function poolAttempt(inventory: Inventory, verb: string, name: string): Attempt {
  return {
    what: `pool ${name}`,
    permission: permissionOf(verb, calicoResource(inventory, "IPPool")),
    writes: verb !== "get" && verb !== "list",
    fields: refusedFields,
  };
}

/** The row of a raw pool that the API server answered with. Throws ProblemError when it cannot be read as a pool. */
export function poolFrom(raw: unknown): PoolRow {
  const row = poolRow(raw as RawRecord);
  if (!row || isUnreadable(row)) throw new ProblemError("upstream", "The stored pool cannot be read as one.");
  return row;
}

/** Reads the pool from the API server, not from the inventory. Throws ProblemError 404 when there is none. */
export async function freshPool(
  inventory: Inventory,
  connection: ClusterConnection,
  name: string,
): Promise<PoolRow> {
  requireReady(inventory);
  const ref = { resource: calicoResource(inventory, "IPPool"), name };
  const raw = await getObject(connection, ref).catch((error: unknown) => {
    throw kubeProblem(error, poolAttempt(inventory, "get", name));
  });
  return poolFrom(raw);
}

/** Every pool as stored; those that cannot be read are left out. */
export async function freshPools(inventory: Inventory, connection: ClusterConnection): Promise<Pool[]> {
  requireReady(inventory);
  const pools = calicoResource(inventory, "IPPool");
  const { items } = await listAll(connection, pools).catch((error: unknown) => {
    throw kubeProblem(error, { ...poolAttempt(inventory, "list", ""), what: "list of pools" });
  });
  const rows = items.map((raw) => poolRow(raw as RawRecord));
  return rows.flatMap((row) => (row && !isUnreadable(row) ? [row.pool] : []));
}

/** Refuses when the pool is not the one, or not the version, that the person saw. */
export function checkSeen(
  inventory: Inventory,
  row: PoolRow,
  seen: { readonly uid: string; readonly resourceVersion: string },
): void {
  if (row.uid === seen.uid && row.revision === seen.resourceVersion) return;
  const detail =
    row.uid === seen.uid
      ? `The pool ${row.name} has been changed since you looked at it.`
      : `The pool ${row.name} has been deleted and created anew since you looked at it.`;
  throw new ProblemError("conflict", detail, { current: toPool(inventory, row) });
}

const owners = { helm: "Helm", argocd: "Argo CD", flux: "Flux" } as const;

/**
 * Refuses for pools that somebody else keeps, with `managed`: the operator's always, those of Helm, Argo CD and Flux unless the person
 * says that they know whose it is.
 */
export function checkOwner({ name, managedBy }: PoolRow, override: PoolPatch["overrideOwner"]): void {
  if (managedBy.kind === "operator") {
    throw new ProblemError(
      "managed",
      `The Tigera operator owns the pool ${name} and would undo this; change spec.calicoNetwork.ipPools of the Installation instead.`,
    );
  }
  const kind = ownerToOverride(managedBy);
  if (kind === undefined || kind === override) return;
  const by = `${owners[kind]}${managedBy.name === null ? "" : ` (${managedBy.name})`}`;
  throw new ProblemError(
    "managed",
    `${by} owns the pool ${name} and may undo this; change it there. With overrideOwner "${kind}" it is written all the same.`,
  );
}

/** Waits until the inventory shows the object at this version or later, so that what is read next includes the write; at most 2 s. */
export async function caughtUp(seenRevision: () => string | null, resourceVersion: string): Promise<void> {
  const deadline = performance.now() + 2_000;
  while (performance.now() < deadline) {
    const revision = seenRevision();
    if (revision !== null && isAtLeast(revision, resourceVersion)) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function isAtLeast(revision: string, wanted: string): boolean {
  const numeric = /^\d+$/;
  return numeric.test(revision) && numeric.test(wanted)
    ? BigInt(revision) >= BigInt(wanted)
    : revision === wanted;
}

/** The conflict that the API server reported, with what stands there now. Anything else as `kubeProblem` has it. */
export async function writeFailed(
  error: unknown,
  inventory: Inventory,
  connection: ClusterConnection,
  attempt: Attempt,
  name: string,
): Promise<unknown> {
  const problem =
    isApiError(error) && error.status === 409
      ? new ProblemError("conflict", `Somebody else changed the pool ${name} at the same moment.`)
      : kubeProblem(error, attempt);
  if (
    !(problem instanceof ProblemError) ||
    (problem.code !== "conflict" && problem.code !== "outcome-unknown")
  ) {
    return problem;
  }
  const now = await freshPool(inventory, connection, name).catch(() => null);
  const current = now ? { current: toPool(inventory, now) } : {};
  return new ProblemError(problem.code, problem.message, { ...problem.extras, ...current });
}
