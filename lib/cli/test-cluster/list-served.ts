import { type RawRecord, record } from "../../calico/reading.ts";
import type { ClusterConnection } from "../../kube/connection.ts";
import { ApiError } from "../../kube/errors.ts";
import { listAll, type ListOptions } from "../../kube/objects.ts";
import type { ResourceRef } from "../../kube/paths.ts";

/** The objects of a kind; none where the kind is not served. */
export async function listServed(
  connection: ClusterConnection,
  resource: ResourceRef,
  options: ListOptions = {},
): Promise<readonly RawRecord[]> {
  try {
    return (await listAll(connection, resource, options)).items.map(record);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return [];
    throw error;
  }
}
