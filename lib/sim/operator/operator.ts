import { METADATA_ANNOTATION } from "../../calico/metadata.ts";
import { filledEntry, type PoolEntry, poolEntries } from "../../calico/installation-pools.ts";
import { parsePool } from "../../calico/parse-pool.ts";
import { record } from "../../calico/reading.ts";
import { toRawPool } from "../../calico/to-raw.ts";
import type { Pool } from "../../ipam/pool.ts";
import { planReleasePoolAffinities } from "../../ipam/pool-delete.ts";
import type { ClusterConnection } from "../../kube/connection.ts";
import { createObject, mergePatch, removeObject, replaceObject } from "../../kube/objects.ts";
import { IpamReader } from "../agents/ipam-reader.ts";
import { writePlan } from "../agents/ipam-writer.ts";
import { nanosecondsNow } from "../agents/node-facts.ts";
import { Informer } from "../controllers/informer.ts";
import { resources } from "../controllers/resources.ts";
import type { Running } from "../controllers/run.ts";
import { WorkQueue } from "../controllers/work-queue.ts";
import { type Condition, type KubeObject, kubeTime } from "../kube-objects.ts";
import { calicoResources, type StorageMode } from "../storage-mode.ts";
import { operatorPlan } from "./operator-plan.ts";

interface Installation extends KubeObject {
  readonly spec?: { readonly calicoNetwork?: object };
  readonly status?: { readonly computed?: object; readonly conditions?: readonly Condition[] };
}

/** What is changed or not, it looks again that often. */
const PERIOD_MS = 5 * 60_000;

/** What an Installation without a word about pools gets where there is none yet. */
const DEFAULT_ENTRY: PoolEntry = { cidr: "192.168.0.0/16" };

const fieldManager = "tigera-operator";

/**
 * The Tigera operator's pool controller: keeps the pools of the Installation as they are listed there. On clusters without the
 * `projectcalico.org/v3` API the real one waits for it; here it writes what that API would have stored.
 * Source: tigera/operator pkg/controller/ippool/pool_controller.go
 */
export function startOperator(connection: ClusterConnection, mode: StorageMode): Running {
  const installations = new Informer<Installation>(connection, resources.installations);
  const pools = new Informer<KubeObject>(connection, calicoResources(mode).pools);
  const operator = new Operator(connection, mode, installations, pools);
  const queue = new WorkQueue(
    () => operator.reconcile(),
    (key, error) =>
      connection.log.warn(
        { key, reason: error instanceof Error ? error.message : "unknown" },
        "work is tried again",
      ),
  );
  for (const { store } of [installations, pools]) store.onChange(() => queue.add("pools"));
  const period = setInterval(() => queue.add("pools"), PERIOD_MS);
  const informers = [installations, pools];
  for (const informer of informers) informer.start();
  return {
    ready: Promise.all(informers.map(({ synced }) => synced)).then(() => queue.start()),
    async stop() {
      clearInterval(period);
      await queue.stop();
      await Promise.all(informers.map((informer) => informer.stop()));
    },
  };
}

class Operator {
  readonly #connection: ClusterConnection;
  readonly #mode: StorageMode;
  readonly #installations: Informer<Installation>;
  readonly #pools: Informer<KubeObject>;

  constructor(
    connection: ClusterConnection,
    mode: StorageMode,
    installations: Informer<Installation>,
    pools: Informer<KubeObject>,
  ) {
    this.#connection = connection;
    this.#mode = mode;
    this.#installations = installations;
    this.#pools = pools;
  }

  /** Brings every listed pool to what its entry says. Without an Installation, or while it is deleted, nothing is touched. */
  async reconcile(): Promise<void> {
    const found = this.#installations.store.get("default");
    if (found === undefined || found.metadata.deletionTimestamp) return;
    const pools = [...this.#pools.store.values()].flatMap((raw) => parsePool(raw).value ?? []);
    const installation = await this.#complete(found, pools);
    const plan = operatorPlan(poolEntries(installation) ?? [], pools);
    for (const { pool, old } of plan.write) await this.#write(pool, old);
    for (const pool of plan.remove) await this.#remove(pool);
    await this.#report(installation, plan.degraded);
  }

  /** Defaults are written into the spec, where people read them. */
  async #complete(installation: Installation, pools: readonly Pool[]): Promise<Installation> {
    const given = poolEntries(installation);
    const listed = given ?? (pools.length === 0 ? [DEFAULT_ENTRY] : []);
    const ipPools = listed.map((entry) => filledEntry(entry, listed, pools));
    if (given !== null && JSON.stringify(given.map(ordered)) === JSON.stringify(ipPools.map(ordered)))
      return installation;
    const { name, resourceVersion } = installation.metadata;
    const patch = { metadata: { resourceVersion }, spec: { calicoNetwork: { ipPools } } };
    const ref = { resource: resources.installations, name };
    const patched = (await mergePatch(this.#connection, ref, patch, { fieldManager })) as Installation;
    this.#installations.store.put(patched);
    return patched;
  }

  async #report(installation: Installation, degraded: string | null): Promise<void> {
    const { spec, status, metadata } = installation;
    const old = status?.conditions?.find(({ type }) => type === "Degraded");
    const wanted = degraded === null ? "False" : "True";
    const isTold = (old?.status ?? "False") === wanted && (old?.message ?? "") === (degraded ?? "");
    const isComputed = JSON.stringify(status?.computed) === JSON.stringify(spec);
    if (isTold && isComputed) return;
    const others = (status?.conditions ?? []).filter(({ type }) => type !== "Degraded");
    const condition = {
      type: "Degraded",
      status: wanted,
      reason: degraded === null ? "AllObjectsAvailable" : "ResourceValidationError",
      message: degraded ?? "",
      lastTransitionTime:
        old?.status === wanted ? old.lastTransitionTime : kubeTime(this.#connection.clock.now()),
    };
    const told = isTold ? (status?.conditions ?? []) : [...others, condition];
    const body = { ...installation, status: { ...status, computed: spec, conditions: told } };
    const ref = { resource: resources.installations, name: metadata.name, subresource: "status" };
    const written = await replaceObject(this.#connection, ref, body, { fieldManager });
    this.#installations.store.put(written as Installation);
  }

  /** The whole spec is replaced; finalizers of others stay. */
  async #write(pool: Pool, old: Pool | null): Promise<void> {
    const { pools } = calicoResources(this.#mode);
    const { spec, ...wanted } = toRawPool(pool, this.#mode);
    const stored = old === null ? undefined : this.#pools.store.get(old.name);
    const metadata = { ...stored?.metadata, ...wanted.metadata, ...this.#marks(pool, stored) };
    const body = { ...stored, ...wanted, metadata, spec };
    const options = { fieldManager };
    const written =
      old === null
        ? await createObject(this.#connection, { resource: pools }, body, options)
        : await replaceObject(this.#connection, { resource: pools, name: old.name }, body, options);
    this.#pools.store.put(written as KubeObject);
  }

  /**
   * Labels and annotations: on objects of the v1 group they lie in an annotation.
   * Source: projectcalico/calico@87c1590 libcalico-go/lib/backend/k8s/resources/resources.go
   */
  #marks(pool: Pool, stored: KubeObject | undefined): object {
    const { labels, annotations } = pool;
    if (this.#mode === "native-v3") return { labels, annotations };
    const open = Object.entries(annotations).filter(([key]) => staysOpen(key));
    const hidden = record(parseHidden(stored?.metadata.annotations?.[METADATA_ANNOTATION]));
    const creationTimestamp = stored?.metadata.creationTimestamp ?? null;
    const text = JSON.stringify({ creationTimestamp, ...hidden, labels, annotations });
    return {
      labels: Object.fromEntries(Object.entries(labels).filter(([key]) => staysOpen(key))),
      annotations: { ...Object.fromEntries(open), [METADATA_ANNOTATION]: text },
    };
  }

  /** Calico's own order: no new addresses, the nodes' claims given back, then the pool; a pool controller does that by itself. */
  async #remove(pool: Pool): Promise<void> {
    const ref = { resource: calicoResources(this.#mode).pools, name: pool.name };
    if (this.#mode === "crd-v1") {
      if (!pool.disabled)
        await mergePatch(this.#connection, ref, { spec: { disabled: true } }, { fieldManager });
      const reader = new IpamReader(this.#connection, this.#mode);
      const snapshot = await reader.everything(null, await reader.pools(), []);
      const plan = planReleasePoolAffinities(snapshot, pool.cidr, nanosecondsNow(this.#connection.clock));
      await writePlan(this.#connection, this.#mode, plan, snapshot);
    }
    await removeObject(this.#connection, ref);
  }
}

const staysOpen = (key: string): boolean =>
  key.includes("projectcalico.org/") || key.includes("operator.tigera.io/");

function parseHidden(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "{}");
  } catch {
    return {};
  }
}

const ordered = (entry: PoolEntry): PoolEntry =>
  Object.fromEntries(Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1)));
