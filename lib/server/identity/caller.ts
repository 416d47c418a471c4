import type { ClusterConnection } from "../../kube/connection.ts";
import type { Identity } from "../identity.ts";

/** Who sent a request, and the way to the cluster that has their rights. */
export interface Caller {
  readonly identity: Identity;
  readonly connection: ClusterConnection;
}
