import type { ClusterConnection } from "../../kube/connection.ts";
import { apiGroups } from "../../kube/discovery.ts";
import { ApiError } from "../../kube/errors.ts";
import { listAll } from "../../kube/objects.ts";
import { resources } from "../controllers/resources.ts";
import type { KubeObject } from "../kube-objects.ts";
import { calicoResources, type StorageMode } from "../storage-mode.ts";

/** The agents would do harm there, or nothing. */
export class AgentsRefused extends Error {
  override readonly name = "AgentsRefused";
}

interface Lease extends KubeObject {
  readonly spec?: { readonly renewTime?: string };
}

/** A kubelet renews its lease every ten seconds. */
const aliveMs = 120_000;

/**
 * Two kubelets for one node would fight over its pods, and two allocators over its blocks.
 * Answers on which API group they have to work.
 * @throws AgentsRefused when a node has a living kubelet, or the cluster has no Calico kinds
 */
export async function checkForAgents(connection: ClusterConnection): Promise<StorageMode> {
  const alive = await nodeWithKubelet(connection);
  if (alive !== null) {
    throw new AgentsRefused(
      `node ${alive} has a kubelet of its own, so these agents must not run there; use a cluster without kubelets`,
    );
  }
  const mode = await storageMode(connection);
  const { blocks } = calicoResources(mode);
  try {
    // Blocks, because Calico's API server over etcd serves pools and no blocks.
    await listAll(connection, blocks);
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 404)) throw error;
    throw new AgentsRefused(
      `the cluster does not serve ${blocks.plural}.${blocks.group}/${blocks.version}; install Calico's CRDs of that group`,
    );
  }
  return mode;
}

/** The name of a node whose kubelet is alive; null when there is none. */
export async function nodeWithKubelet(connection: ClusterConnection): Promise<string | null> {
  const now = connection.clock.now();
  const leases = await listAll(connection, resources.leases, { namespace: "kube-node-lease" }).catch(
    notServed,
  );
  const alive = (leases.items as Lease[]).find(
    ({ spec }) => now - Date.parse(spec?.renewTime ?? "") < aliveMs,
  );
  return alive?.metadata.name ?? null;
}

/** The embedded cluster has no leases, and no kubelets. */
function notServed(error: unknown): { readonly items: readonly unknown[] } {
  if (error instanceof ApiError && error.status === 404) return { items: [] };
  throw error;
}

/**
 * As Calico's components choose their group: v3 where it is served and v1 is not, otherwise v1.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/apis/discovery.go
 */
async function storageMode(connection: ClusterConnection): Promise<StorageMode> {
  const groups = await apiGroups(connection);
  const isNative = groups.has("projectcalico.org") && !groups.has("crd.projectcalico.org");
  return isNative ? "native-v3" : "crd-v1";
}
