import { stringify } from "yaml";
import { record } from "../../calico/reading.ts";
import { calicoResource } from "../../inventory/calico-resource.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { ClusterConnection } from "../../kube/connection.ts";
import { getObject } from "../../kube/objects.ts";
import { poolNamed } from "./pools.ts";
import { ask } from "./upstream.ts";

/**
 * The pool as it is stored, read fresh; only `managedFields` are left out, as kubectl leaves them out. Quoted so that
 * readers of YAML 1.1 (`yes`, `026`) and 1.2 see the same.
 */
export async function readPoolYaml(
  inventory: Inventory,
  connection: ClusterConnection,
  name: string,
): Promise<string> {
  poolNamed(inventory, name);
  const pools = calicoResource(inventory, "IPPool");
  const object = record(await ask("get", pools, () => getObject(connection, { resource: pools, name })));
  const { managedFields: _, ...metadata } = record(object.metadata);
  return stringify({ ...object, metadata }, { version: "1.1", lineWidth: 0 });
}
