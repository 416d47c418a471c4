import type { ApiMode } from "../../calico/dialect.ts";
import { calicoResource } from "../../inventory/calico-resource.ts";
import { startInventory, stopInventory } from "../../inventory/registry.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { type ClusterConnection, openCluster } from "../../kube/connection.ts";
import { getObject } from "../../kube/objects.ts";
import type { Policy } from "../../sim/api/access.ts";
import { type ApiServer, startApiServer } from "../../sim/api/server.ts";
import { startPoolController } from "../../sim/controllers/pool-controller.ts";
import { tutorial } from "../../sim/scenarios/tutorial.ts";
import { storedIn } from "../../sim/storage-mode.ts";
import type { JsonObject } from "../../sim/store/json.ts";
import { configure, pageRequest } from "../testing.ts";
import { namespaceResource } from "./resources.ts";

type Handlers = Readonly<
  Record<
    string,
    (request: Request, context: { params: Promise<Record<string, unknown>> }) => Promise<Response>
  >
>;

export interface WriteWorld {
  readonly api: ApiServer;
  readonly connection: ClusterConnection;
  readonly inventory: Inventory;
  /** Sends a write as our page does; `path` below /api/v1. */
  send(
    handlers: Handlers,
    method: string,
    path: string,
    body: unknown,
  ): Promise<{ status: number; body: unknown }>;
  /** The stored object, past every cache of ours. */
  stored(kind: "pool" | "namespace", name: string): Promise<JsonObject | null>;
  stop(): Promise<void>;
}

/**
 * The tutorial's cluster without controllers (but for the pool controller, where there is one), a live inventory of it, and this
 * process configured to serve it. `policy` says who may do what.
 */
export async function startWriteWorld(policy?: Policy, apiMode: ApiMode = "crd-v1"): Promise<WriteWorld> {
  const api = await startApiServer({ apiMode, ...(policy ? { policy } : {}) });
  const options = { now: Date.now(), calicoVersion: "v3.32.1", mode: storedIn(apiMode) };
  const objects = tutorial(options) as Iterable<JsonObject>;
  api.seed(objects);
  const connection = await openCluster({ server: api.url });
  const controller = apiMode === "native-v3" ? startPoolController(connection) : null;
  await controller?.ready;
  const inventory = startInventory(connection);
  await until(() => inventory.phase.status === "ready");
  configure({ connection }, inventory);
  return {
    api,
    connection,
    inventory,
    async send(handlers, method, path, body) {
      const name = path.split("?", 1)[0]?.split("/")[1];
      const handler = handlers[method];
      if (!handler) throw new Error(`no ${method}`);
      const request = pageRequest(method, `/api/v1/${path}`, { body: JSON.stringify(body) });
      const response = await handler(request, {
        params: Promise.resolve(name === undefined ? {} : { name }),
      });
      return { status: response.status, body: (await response.json()) as unknown };
    },
    async stored(kind, name) {
      const resource = kind === "pool" ? calicoResource(inventory, "IPPool") : namespaceResource;
      return (await getObject(connection, { resource, name }).catch(() => null)) as JsonObject | null;
    },
    async stop() {
      await stopInventory();
      await controller?.stop();
      await connection.close();
      await api.close();
    },
  };
}

/** Waits for something that comes by itself; a test's own time limit ends the wait. */
export async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise((resolve) => setTimeout(resolve, 5));
}
