import { currentInventory } from "../../inventory/registry.ts";
import { serverConfig } from "../config.ts";
import { shared } from "../shared.ts";
import { activityStore } from "./store.ts";

/** Until the cluster has been read nobody knows which it is. */
const pending = `starting:${process.pid}:${Date.now()}`;

/**
 * The name under which the entries of the cluster that is looked at are kept: the uid of its namespace kube-system, which a
 * cluster has for life, or where that cannot be read its server. Entries made before it was known get it afterwards.
 */
export function clusterKey(): string {
  const inventory = currentInventory();
  const uid = inventory?.namespaces.get("", "kube-system")?.uid;
  const server = inventory?.phase.status === "starting" ? undefined : serverConfig()?.connection.server;
  const key = uid ? `uid:${uid}` : server ? `server:${server}` : null;
  const { waiting } = slot();
  if (key === null) {
    slot().waiting = true;
    return pendingKey();
  }
  if (waiting) {
    slot().waiting = false;
    activityStore().adopt(pendingKey(), key);
  }
  return key;
}

// Each bundle has its own copy of this module, and there is one name for all of them.
const pendingKey = () => slot().name;
const slot = () => shared("activityPending", () => ({ waiting: false, name: pending }));
