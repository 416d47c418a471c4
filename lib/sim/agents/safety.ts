import type { ClusterConnection } from "../../kube/connection.ts";
import { ApiError } from "../../kube/errors.ts";
import { listAll } from "../../kube/objects.ts";
import { resources } from "../controllers/resources.ts";
import type { KubeObject } from "../kube-objects.ts";

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
 * @throws AgentsRefused when a node has a living kubelet, or the cluster has no Calico kinds of the v1 group
 */
export async function checkForAgents(connection: ClusterConnection): Promise<void> {
  const { items } = await listAll(connection, resources.leases, { namespace: "kube-node-lease" });
  const now = connection.clock.now();
  const alive = (items as Lease[]).find(({ spec }) => now - Date.parse(spec?.renewTime ?? "") < aliveMs);
  if (alive) {
    throw new AgentsRefused(
      `node ${alive.metadata.name} has a kubelet of its own, so these agents must not run there; use a cluster without kubelets`,
    );
  }
  try {
    await listAll(connection, resources.pools);
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 404)) throw error;
    throw new AgentsRefused(
      "the cluster does not serve ippools.crd.projectcalico.org/v1; install Calico's CRDs of that group",
    );
  }
}
