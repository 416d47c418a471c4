import { poolDeletion, POOL_FINALIZER, servedKind } from "../../calico/dialect.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { isGuarded, type PoolRow } from "../../inventory/pool-row.ts";
import type { ClusterConnection } from "../../kube/connection.ts";
import { getObject, mergePatch, removeObject } from "../../kube/objects.ts";
import { get } from "../../kube/request.ts";
import { caughtUp } from "./fresh-pool.ts";
import { isApiError } from "./kube-problem.ts";
import type { DeleteRun } from "./pool-delete-run.ts";
import {
  type PoolBlocks,
  type PoolRange,
  readPoolBlocks,
  releasePoolAffinities,
} from "./release-affinities.ts";

/** A pool that may be deleted: checked, and nothing written yet. */
export interface Deletion {
  readonly inventory: Inventory;
  readonly connection: ClusterConnection;
  readonly row: PoolRow;
  readonly range: PoolRange;
  readonly blocks: PoolBlocks;
  /** Throws when a later read finds an address in use. */
  readonly checkUnused: (blocks: PoolBlocks) => void;
}

type Procedure = (run: DeleteRun, deletion: Deletion) => Promise<void>;

/** Calico waits as long between disabling a pool and taking its blocks back, so that no block is claimed meanwhile. */
const WAIT_MS = 500;

/**
 * Deletes the pool in the way that its API makes necessary. The pool controller takes back the blocks of a pool that was
 * allocatable; from one that is disabled or overlaps it has removed its finalizer, and then nobody would.
 * Source: projectcalico/calico@87c1590 kube-controllers/pkg/controllers/ippool/pool_controller.go
 */
export function procedureFor({ row, range }: Deletion): Procedure {
  const by = poolDeletion[range.mode];
  if (by === "apiServer") return byApiServer;
  return by === "controller" && isGuarded(row) ? byController : byClient;
}

/** Source: projectcalico/calico@87c1590 libcalico-go/lib/clientv3/ippool.go Delete */
const byClient: Procedure = async (run, deletion) => {
  const { connection, row, range, blocks, checkUnused } = deletion;
  const resource = servedKind(range.mode, "IPPool");
  let disabled: unknown = null;
  await run.step("disable", async () => {
    if (row.pool.disabled) return "It is disabled already.";
    if (run.dryRun) return "It will be disabled, so that no more addresses are given out.";
    const patch = { metadata: { uid: row.uid, resourceVersion: row.revision }, spec: { disabled: true } };
    disabled = await mergePatch(connection, { resource, name: row.name }, patch);
    run.wrote = true;
    return "No more addresses are given out.";
  });
  await run.step("wait", async () => {
    if (!run.dryRun) await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    return `${WAIT_MS} ms, so that requests under way see that it is disabled.`;
  });
  await run.step("releaseAffinities", async () => {
    if (run.dryRun) return `${blocks.blocks.length} empty blocks will be deleted.`;
    const now = await readPoolBlocks(connection, range);
    checkUnused(now);
    run.wrote ||= now.blocks.length > 0;
    const released = await releasePoolAffinities(connection, range);
    return `${released} empty blocks were deleted.`;
  });
  await run.step("delete", async () => {
    if (run.dryRun) return remove(run, deletion, "The pool will be deleted.");
    const revision = disabled === null ? row.revision : await revisionNow(deletion, disabled);
    return remove(run, deletion, "The pool is deleted.", revision);
  });
};

/**
 * The pool controller writes its condition after every change, so the version of our own write is soon not the last one; the
 * generation counts changes of the spec alone. Throws when somebody else changed that.
 */
async function revisionNow({ connection, row, range }: Deletion, disabled: unknown): Promise<string> {
  const ref = { resource: servedKind(range.mode, "IPPool"), name: row.name };
  const [ours, now] = [disabled, await getObject(connection, ref)].map((object) => get(object, "metadata"));
  const isSame = (key: string) => get(ours, key) === get(now, key);
  if (isSame("uid") && isSame("generation")) return String(get(now, "resourceVersion"));
  throw new Error("somebody else has changed the pool since it was disabled");
}

/** Source: projectcalico/calico@87c1590 apiserver/pkg/storage/calico/resource.go: it runs Calico's client. */
const byApiServer: Procedure = async (run, deletion) => {
  const planned = `Calico's API server will disable the pool, wait ${WAIT_MS} ms, take its blocks back and delete it.`;
  const done = "Calico's API server disabled the pool, took its blocks back and deleted it.";
  await run.step("delete", () => remove(run, deletion, run.dryRun ? planned : done));
};

const byController: Procedure = async (run, deletion) => {
  const planned =
    "The pool will be marked as deleted. Calico's pool controller takes its blocks back, and lets it go once none is left.";
  const done = "The pool is deleted; Calico's pool controller took its blocks back.";
  await run.step("delete", () => remove(run, deletion, run.dryRun ? planned : done));
};

/** DELETE, on condition that nobody has changed the pool since. Answers `done`, or what still holds the pool. */
async function remove(
  run: DeleteRun,
  deletion: Deletion,
  done: string,
  resourceVersion = deletion.row.revision,
): Promise<string> {
  const { inventory, connection, row, range } = deletion;
  const ref = { resource: servedKind(range.mode, "IPPool"), name: row.name };
  const { uid } = row;
  await removeObject(connection, ref, { uid, resourceVersion, dryRun: run.dryRun });
  if (run.dryRun) return done;
  run.wrote = true;
  await caughtUp(() => (inventory.space.pools.get("", row.name)?.uid === uid ? null : "gone"), "gone");
  const left = await getObject(connection, ref).catch((error: unknown) => {
    if (isApiError(error) && error.status === 404) return null;
    throw error;
  });
  if (left === null || get(get(left, "metadata"), "uid") !== uid) return done;
  run.terminating = true;
  return heldBy(get(get(left, "metadata"), "finalizers"));
}

function heldBy(finalizers: unknown): string {
  const names = Array.isArray(finalizers) ? finalizers.map(String) : [];
  const isControllers = names.includes(POOL_FINALIZER);
  if (isControllers) return "It is terminating, and goes once no block lies in its range.";
  return `It is terminating, and goes once ${names.join(", ") || "the API server"} lets it.`;
}
