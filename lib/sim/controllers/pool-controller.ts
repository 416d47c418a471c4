import { POOL_FINALIZER } from "../../calico/dialect.ts";
import { parsePool } from "../../calico/parse-pool.ts";
import { AddressError } from "../../ipam/address.ts";
import { cidrsOverlap, parseCidr } from "../../ipam/cidr.ts";
import type { AllocatableCondition, Pool } from "../../ipam/pool.ts";
import { poolConditions } from "../../ipam/pool-condition.ts";
import { planReleasePoolAffinities } from "../../ipam/pool-delete.ts";
import type { ClusterConnection } from "../../kube/connection.ts";
import { ApiError } from "../../kube/errors.ts";
import { mergePatch } from "../../kube/objects.ts";
import { IpamReader } from "../agents/ipam-reader.ts";
import { writePlan } from "../agents/ipam-writer.ts";
import { nanosecondsNow } from "../agents/node-facts.ts";
import { type Condition, type KubeObject, kubeTime } from "../kube-objects.ts";
import { calicoResources } from "../storage-mode.ts";
import { Informer } from "./informer.ts";
import type { Running } from "./run.ts";
import { WorkQueue } from "./work-queue.ts";

interface PoolObject extends KubeObject {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

interface BlockRange extends KubeObject {
  readonly spec?: { readonly cidr?: string };
}

const fieldManager = "kube-controllers";
const resources = calicoResources("native-v3");

/**
 * kube-controllers' pool controller, on clusters that keep Calico's objects as `projectcalico.org/v3`: says which pools may give
 * addresses, and holds a pool that is deleted until no block lies in its range.
 * Source: projectcalico/calico@87c1590 kube-controllers/pkg/controllers/ippool/pool_controller.go
 */
export function startPoolController(connection: ClusterConnection): Running {
  const pools = new Informer<PoolObject>(connection, resources.pools);
  const blocks = new Informer<BlockRange>(connection, resources.blocks, ({ metadata, spec }) => ({
    metadata,
    spec: { cidr: spec?.cidr ?? "" },
  }));
  const queue = new WorkQueue(
    () => judgeAll(connection, pools, blocks),
    (key, error) =>
      connection.log.warn(
        { key, reason: error instanceof Error ? error.message : "unknown" },
        "work is tried again",
      ),
  );
  pools.store.onChange(() => queue.add("pools"));
  // The last block of a pool that waits for its end may be the one that went.
  blocks.store.onChange((_block, gone) => {
    if (gone) queue.add("pools");
  });
  const informers = [pools, blocks];
  for (const informer of informers) informer.start();
  return {
    ready: Promise.all(informers.map(({ synced }) => synced)).then(() => queue.start()),
    async stop() {
      await queue.stop();
      await Promise.all(informers.map((informer) => informer.stop()));
    },
  };
}

async function judgeAll(
  connection: ClusterConnection,
  objects: Informer<PoolObject>,
  blocks: Informer<BlockRange>,
): Promise<void> {
  const pools = [...objects.store.values()]
    .map((object) => parsePool(object).value)
    .filter((pool) => pool !== null);
  for (const [name, condition] of poolConditions(pools)) {
    const pool = pools.find((one) => one.name === name);
    const object = objects.store.get(name);
    if (!pool || !object) continue;
    const keep = (patched: PoolObject) => objects.store.put(patched);
    try {
      await settle(connection, object, condition, keep);
      if (condition.reason === "Terminating") await finish(connection, pool, objects, blocks);
    } catch (error) {
      // It is gone; the watch will tell.
      if (!(error instanceof ApiError && error.status === 404)) throw error;
    }
  }
}

/** Brings finalizer and condition to what was judged. */
async function settle(
  connection: ClusterConnection,
  object: PoolObject,
  judged: AllocatableCondition,
  keep: (patched: PoolObject) => void,
): Promise<void> {
  let current = object;
  const isHeld = object.metadata.finalizers?.includes(POOL_FINALIZER) ?? false;
  // What is being deleted keeps the finalizer that it has, and cannot get one.
  const isToBeHeld = judged.reason === "Terminating" ? isHeld : judged.status === "True";
  if (isHeld !== isToBeHeld) {
    current = await setHeld(connection, current, isToBeHeld);
    keep(current);
    if (current.metadata.deletionTimestamp) return;
  }
  const others = (current.status?.conditions ?? []).filter(({ type }) => type !== "Allocatable");
  const old = current.status?.conditions?.find(({ type }) => type === "Allocatable");
  if (old?.status === judged.status && old.reason === judged.reason && old.message === judged.message) return;
  const now = kubeTime(connection.clock.now());
  const lastTransitionTime = old?.status === judged.status ? (old.lastTransitionTime ?? now) : now;
  const { name, resourceVersion } = current.metadata;
  const patch = {
    metadata: { resourceVersion },
    status: { conditions: [...others, { type: "Allocatable", ...judged, lastTransitionTime }] },
  };
  const ref = { resource: resources.pools, name, subresource: "status" };
  keep((await mergePatch(connection, ref, patch, { fieldManager })) as PoolObject);
}

async function setHeld(
  connection: ClusterConnection,
  { metadata }: PoolObject,
  isHeld: boolean,
): Promise<PoolObject> {
  const others = (metadata.finalizers ?? []).filter((one) => one !== POOL_FINALIZER);
  const finalizers = isHeld ? [...others, POOL_FINALIZER] : others;
  const patch = { metadata: { resourceVersion: metadata.resourceVersion, finalizers } };
  const ref = { resource: resources.pools, name: metadata.name };
  return (await mergePatch(connection, ref, patch, { fieldManager })) as PoolObject;
}

/** Gives the nodes' claims back; lets the pool go when no block is left. */
async function finish(
  connection: ClusterConnection,
  pool: Pool,
  objects: Informer<PoolObject>,
  blocks: Informer<BlockRange>,
): Promise<void> {
  const object = objects.store.get(pool.name);
  if (!object?.metadata.finalizers?.includes(POOL_FINALIZER)) return;
  const isFree = () => ![...blocks.store.values()].some(({ spec }) => liesIn(pool, spec?.cidr ?? ""));
  if (!isFree()) {
    const reader = new IpamReader(connection, "native-v3");
    const snapshot = await reader.everything(null, await reader.pools(), []);
    const plan = planReleasePoolAffinities(snapshot, pool.cidr, nanosecondsNow(connection.clock));
    await writePlan(connection, "native-v3", plan, snapshot);
  }
  if (isFree()) objects.store.put(await setHeld(connection, object, false));
}

function liesIn(pool: Pool, text: string): boolean {
  try {
    return cidrsOverlap(pool.cidr, parseCidr(text).cidr);
  } catch (error) {
    if (!(error instanceof AddressError)) throw error;
    return false;
  }
}
