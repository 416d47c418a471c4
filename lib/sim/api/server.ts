import http from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { AddressInfo, Socket } from "node:net";
import type { ApiMode } from "../../calico/dialect.ts";
import { addAggregatedApi, hasAggregatedApi, noteAvailability } from "../aggregated/api-service.ts";
import { Journal } from "../store/journal.ts";
import type { JsonObject } from "../store/json.ts";
import { Store } from "../store/store.ts";
import { calicoCrds } from "../schema/calico/crds.ts";
import { calicoLevel } from "../schema/calico/level.ts";
import { storedIn } from "../storage-mode.ts";
import { admin, Authority, type Policy, type User } from "./access.ts";
import type { Cluster } from "./cluster.ts";
import { CustomKinds } from "./custom-kinds.ts";
import { ensureBasics } from "./basics.ts";
import { EventExpiry } from "./event-expiry.ts";
import { Faults } from "./faults.ts";
import { GarbageCollector } from "./garbage-collector.ts";
import { builtinKinds } from "./kinds/builtin.ts";
import { ListSnapshots } from "./list-snapshots.ts";
import { NamespaceLifecycle } from "./namespace-lifecycle.ts";
import { Registry } from "./registry.ts";
import { RequestHandler } from "./request-handler.ts";
import { seedObjects } from "./seed.ts";

export interface ApiServerOptions {
  /** 0 or absent: any free port. */
  readonly port?: number;
  readonly host?: "127.0.0.1" | "::1";
  /** Keeps everything in this file across restarts; absent: in memory only. */
  readonly data?: string;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  /** How Calico's kinds are served, unless `data` holds a cluster that serves them otherwise. Default "crd-v1". */
  readonly apiMode?: ApiMode;
  /** Lets so many milliseconds of `clock` pass, for what Calico's API server does in two steps. Default: real ones. */
  readonly pause?: (milliseconds: number) => Promise<void>;
  /** Decides the schema rules of Calico's kinds; null: the cluster has none of them. Default v3.32.1. */
  readonly calicoVersion?: string | null;
  /** Serves `/faults`, through which another process switches faults. */
  readonly faultEndpoint?: boolean;
  /** Who may do what; default: everybody everything. */
  readonly policy?: Policy;
  /** Bearer tokens and whose they are. Requests without one come from `anonymous` (default: the administrator). */
  readonly tokens?: Readonly<Record<string, User>>;
  readonly anonymous?: User;
}

export interface ApiServer {
  readonly url: string;
  readonly store: Store;
  readonly cluster: Cluster;
  readonly faults: Faults;
  readonly authority: Authority;
  /** True when `data` held a cluster already. */
  readonly restored: boolean;
  readonly apiMode: ApiMode;
  /** Loads objects as they are, odd ones included: no validation, no events. For scenarios, before anybody watches. */
  readonly seed: (objects: Iterable<JsonObject>) => void;
  /** Ends every open watch, as a restart of a proxy would. */
  readonly dropWatches: () => void;
  /** Makes every older resource version and continue token answer 410. */
  readonly compact: () => void;
  /** Stops listening and breaks open connections, without forgetting anything. */
  readonly refuseConnections: () => Promise<void>;
  readonly acceptConnections: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * Serves the Kubernetes API over plain HTTP on loopback.
 * @throws JournalError for a data file that is not one, RangeError for a bad version, or Node's error for a taken port
 */
export async function startApiServer(options: ApiServerOptions = {}): Promise<ApiServer> {
  const clock = options.clock ?? Date.now;
  const store = new Store(options.data === undefined ? null : new Journal(options.data));
  const restored = !store.isEmpty;
  const apiMode = (restored ? storedMode(store) : options.apiMode) ?? "crd-v1";
  const onAggregated = (isUp: boolean): void => {
    noteAvailability(cluster, isUp);
    if (!isUp) handler.dropWatches("projectcalico.org");
  };
  const faults = new Faults(apiMode === "aggregated-v3" ? onAggregated : null);
  const registry = new Registry(builtinKinds);
  const cluster: Cluster = {
    store,
    registry,
    now: () => clock() + faults.clockSkew,
    pause: options.pause ?? ((milliseconds) => delay(milliseconds)),
  };
  const customKinds = new CustomKinds(store, registry);
  const calicoVersion = options.calicoVersion === undefined ? "v3.32.1" : options.calicoVersion;
  if (calicoVersion !== null) {
    const level = calicoLevel(calicoVersion);
    ensureBasics(cluster, calicoCrds(level, storedIn(apiMode)));
    if (apiMode === "aggregated-v3") addAggregatedApi(cluster, level);
  } else ensureBasics(cluster, []);
  const collector = new GarbageCollector(cluster);
  const lifecycle = new NamespaceLifecycle(cluster);
  const expiry = new EventExpiry(cluster);
  const authority = new Authority(
    options.policy ?? (() => true),
    options.tokens ?? {},
    options.anonymous ?? admin,
  );
  const snapshots = new ListSnapshots();
  const handler = new RequestHandler(cluster, authority, snapshots, faults, options.faultEndpoint === true);

  const server = http.createServer(
    { keepAlive: true, requestTimeout: 0, noDelay: true },
    (incoming, response) => {
      void handler.handle(incoming, response);
    },
  );
  server.keepAliveTimeout = 90_000;
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  const host = options.host ?? "127.0.0.1";
  let port = options.port ?? 0;
  const listen = (): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, host, () => {
        server.off("error", reject);
        port = (server.address() as AddressInfo).port; // a TCP server's address is never a string
        resolve();
      });
    });
  const hangUp = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  await listen();

  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    store,
    cluster,
    faults,
    authority,
    restored,
    apiMode,
    seed: (objects) => {
      seedObjects(cluster, objects);
      customKinds.refresh();
      collector.rebuild();
      lifecycle.checkAll();
    },
    dropWatches: () => handler.dropWatches(),
    compact: () => {
      snapshots.clear();
      for (const collection of store.collections()) collection.forget(store.revision);
    },
    refuseConnections: hangUp,
    acceptConnections: listen,
    close: async () => {
      handler.dropWatches();
      collector.stop();
      lifecycle.stop();
      expiry.stop();
      customKinds.stop();
      await hangUp();
      store.close();
    },
  };
}

/** How a cluster that was kept serves Calico's kinds. */
function storedMode(store: Store): ApiMode {
  const definitions = store.collection("customresourcedefinitions.apiextensions.k8s.io");
  if (definitions.get("ippools.projectcalico.org") !== undefined) return "native-v3";
  return hasAggregatedApi({ store }) ? "aggregated-v3" : "crd-v1";
}
