import type { ClusterConnection } from "../kube/connection.ts";
import { apiGroups, groupResources } from "../kube/discovery.ts";
import { ApiError } from "../kube/errors.ts";

/** Which API groups the cluster serves, and what of Calico's two. */
export interface Served {
  /** Versions by group. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  /** Plurals of `crd.projectcalico.org/v1`; null: the group is not there. */
  readonly v1Resources: readonly string[] | null;
  /** Plurals of `projectcalico.org/v3`; null: the group is not there, or the server behind it does not answer (503). */
  readonly v3Resources: readonly string[] | null;
}

/**
 * Three small reads. Throws what the connection throws: without an answer nothing may be concluded, except from the 503 that only
 * an aggregated API server causes.
 */
export async function readServed(connection: ClusterConnection): Promise<Served> {
  const groups = await apiGroups(connection);
  const [v1Resources, v3Resources] = await Promise.all([
    groups.has("crd.projectcalico.org") ? plurals(connection, "crd.projectcalico.org", "v1") : null,
    groups.has("projectcalico.org")
      ? plurals(connection, "projectcalico.org", "v3").catch((error: unknown) => {
          if (error instanceof ApiError && error.status === 503) return null;
          throw error;
        })
      : null,
  ]);
  return { groups, v1Resources, v3Resources };
}

async function plurals(connection: ClusterConnection, group: string, version: string) {
  const found = await groupResources(connection, group, version);
  return found && found.map(({ plural }) => plural);
}

/** Groups that have to do with Calico and the resources of its own two, as `group` and `group/plural`, sorted. */
export function servedNames({ groups, v1Resources, v3Resources }: Served): string[] {
  const related = [...groups.keys()].filter((group) => /calico|tigera/.test(group));
  const v1 = (v1Resources ?? []).map((plural) => `crd.projectcalico.org/${plural}`);
  const v3 = (v3Resources ?? []).map((plural) => `projectcalico.org/${plural}`);
  return [...related, ...v1, ...v3].sort();
}

/** Names that only one of two looks saw. */
export function servedChanges(before: readonly string[], after: readonly string[]): ReadonlySet<string> {
  return new Set(before).symmetricDifference(new Set(after));
}
