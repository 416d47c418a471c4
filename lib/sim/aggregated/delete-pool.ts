import { parseAffinity } from "../../calico/parse-affinity.ts";
import { parseBlock } from "../../calico/parse-block.ts";
import { parsePool } from "../../calico/parse-pool.ts";
import type { Parsed } from "../../calico/reading.ts";
import { toRawAffinity, toRawBlock } from "../../calico/to-raw.ts";
import { formatCidr } from "../../ipam/cidr.ts";
import { planReleasePoolAffinities } from "../../ipam/pool-delete.ts";
import type { IpamSnapshot, IpamWrite } from "../../ipam/snapshot.ts";
import { type Cluster, systemWrite } from "../api/cluster.ts";
import { deleteNow, deleteObject, type DeleteOptions, type Deletion } from "../api/delete-object.ts";
import type { ResourceType } from "../api/resource-type.ts";
import { notFound } from "../api/status.ts";
import { updateObject } from "../api/update-object.ts";
import { cloneJson, type JsonObject, objectAt } from "../store/json.ts";
import type { KubeObject } from "../store/kube-object.ts";

const writer = systemWrite("calico-apiserver");
const group = "crd.projectcalico.org";

/**
 * How Calico's client deletes a pool: it is disabled, half a second later the blocks in it lose their owners (empty ones go),
 * and then it is deleted whatever still lives in it. `shown` is the kind by which errors call it.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/clientv3/ippool.go Delete
 */
export async function deletePool(
  cluster: Cluster,
  shown: ResourceType,
  stored: ResourceType,
  name: string,
  options: DeleteOptions,
): Promise<Deletion> {
  const pool = find(cluster, name);
  if (pool === null) throw notFound(shown, name);
  if (options.dryRun) return { object: pool, isGone: true };
  if (objectAt(pool, "spec")["disabled"] !== true) {
    const disable = (old: KubeObject): JsonObject => ({
      ...old,
      spec: { ...objectAt(old, "spec"), disabled: true },
    });
    updateObject(cluster, stored, "", name, disable, writer);
    await cluster.pause(500);
  }
  releaseAffinities(cluster, pool);
  if (find(cluster, name) === null) throw notFound(shown, name);
  return deleteObject(cluster, stored, "", name, options);
}

function find(cluster: Cluster, name: string): KubeObject | null {
  return cluster.store.collection(`ippools.${group}`).get(name)?.object ?? null;
}

function releaseAffinities(cluster: Cluster, raw: KubeObject): void {
  const pool = parsePool(raw).value;
  if (pool === null) return;
  const now = BigInt(cluster.now()) * 1_000_000n;
  for (const write of planReleasePoolAffinities(readSnapshot(cluster), pool.cidr, now).writes)
    apply(cluster, write);
}

function readSnapshot(cluster: Cluster): IpamSnapshot {
  const read = <T>(plural: string, parse: (object: unknown) => Parsed<T>): T[] =>
    cluster.store
      .collection(`${plural}.${group}`)
      .list()
      .flatMap(({ object }) => parse(object).value ?? []);
  return {
    pools: [],
    blocks: new Map(read("ipamblocks", parseBlock).map((block) => [formatCidr(block.cidr), block])),
    affinities: read("blockaffinities", parseAffinity),
    handles: new Map(),
    config: null,
    reservations: [],
  };
}

function apply(cluster: Cluster, write: IpamWrite): void {
  if (write.kind === "handle") return;
  const [plural, raw] =
    write.kind === "affinity"
      ? (["blockaffinities", toRawAffinity(write.affinity)] as const)
      : (["ipamblocks", toRawBlock(write.block)] as const);
  const type = cluster.registry.find(group, "v1", plural);
  if (type === null || cluster.store.collection(`${plural}.${group}`).get(raw.metadata.name) === undefined)
    return;
  if (write.op === "delete") {
    deleteObject(cluster, type, "", raw.metadata.name, deleteNow);
    return;
  }
  // Texts, numbers, bigints, lists and plain objects: JSON as the store keeps it.
  const { spec } = cloneJson(raw as unknown as JsonObject);
  updateObject(cluster, type, "", raw.metadata.name, (old) => ({ ...old, spec: spec ?? null }), writer);
}
