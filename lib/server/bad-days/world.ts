import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import { type ApiMode, type CalicoKind, servedKind } from "../../calico/dialect.ts";
import { record, text } from "../../calico/reading.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { kinds } from "../../inventory/kinds.ts";
import { startInventory, stopInventory } from "../../inventory/registry.ts";
import { type Clock, systemClock } from "../../kube/clock.ts";
import { type ClusterConnection, openCluster } from "../../kube/connection.ts";
import { createObject, listAll, mergePatch, removeObject } from "../../kube/objects.ts";
import { silentLog } from "../../kube/log.ts";
import type { ResourceRef } from "../../kube/paths.ts";
import type { RequestSpec } from "../../kube/request.ts";
import { writeKubeconfig } from "../../kube/testing/fixtures.ts";
import { TcpProxy } from "../../kube/testing/tcp-proxy.ts";
import { configure } from "../testing.ts";
import type { Hand } from "./hand.ts";
import { until } from "./until.ts";

/** What a test may do to the API server itself. */
export interface ServerHands {
  /** The server dies, and stays dead until `start`. */
  crash(): Promise<void>;
  /** Resolves when the server answers again. */
  start(): Promise<void>;
  /** Whoever watches from a version before this moment gets 410. The server is down meanwhile. */
  forgetHistory(): Promise<void>;
  /** Keeps a copy of the server's data, and puts it back in their place. The server restarts. */
  keepCopy(): Promise<void>;
  goBack(): Promise<void>;
}

/** Where the cluster is: how it is reached past the proxy, and how the product shall reach it. */
export interface Site {
  readonly address: { readonly host: string; readonly port: number };
  readonly direct: ClusterConnection;
  /** Cluster and user of a kubeconfig that leads to the proxy on this port. */
  kubeconfig(port: number): { cluster: object; user: object };
  /** What the proxy shows when it speaks TLS itself. */
  readonly certificate?: { readonly cert: string; readonly key: string };
  readonly hands: ServerHands | null;
  /** Who else writes. */
  readonly hand: Hand;
}

export interface WorldOptions {
  readonly clock?: Clock;
  /** Bounds are stretched by this where the clock runs faster than the machine. */
  readonly slack?: number;
  /** Called before anything of the product runs. */
  readonly prepare?: (world: Omit<World, "inventory">) => Promise<void>;
  /** Cluster and user as the product's kubeconfig shall have them. */
  readonly access?: (from: { cluster: object; user: object }) => { cluster: object; user: object };
}

/** The product on a cluster behind a proxy, with one pool of its own to write to. */
export interface World {
  readonly site: Site;
  readonly proxy: TcpProxy;
  readonly clock: Clock;
  readonly slack: number;
  readonly mode: ApiMode;
  readonly direct: ClusterConnection;
  readonly connection: ClusterConnection;
  readonly inventory: Inventory;
  readonly folder: string;
  readonly kubeconfig: string;
  readonly pools: ResourceRef;
  /** Name of a disabled pool that belongs to this test. */
  readonly pool: string;
  /** How each resource is being followed, by its name; absent before the first change of that. */
  readonly states: ReadonlyMap<string, string>;
  /** What the product asked so far. */
  readonly asked: { lists: number; checks: number; watches: number };
  /** Paths whose watch is open at this moment. */
  readonly following: ReadonlySet<string>;
}

const namespaces: ResourceRef = { group: "", version: "v1", plural: "namespaces", namespaced: false };

export async function startWorld(site: Site, mode: ApiMode, options: WorldOptions = {}): Promise<World> {
  const { clock = systemClock, slack = 1 } = options;
  const folder = await mkdtemp(path.join(tmpdir(), "poolboard-bad-days-"));
  const certificate = site.certificate === undefined ? {} : { certificate: site.certificate };
  const proxy = await TcpProxy.start(site.address, { clock, ...certificate });
  const access = (options.access ?? ((from) => from))(site.kubeconfig(proxy.port));
  const kubeconfig = await writeKubeconfig(path.join(folder, "config"), access.cluster, access.user);
  const states = new Map<string, string>();
  const note = (fields: object) => {
    const { resource, to } = record(fields);
    if (typeof resource === "string" && typeof to === "string") states.set(resource, to);
  };
  const connection = await openCluster({ kubeconfig }, { clock, log: { ...silentLog, info: note } });
  const pools = resourceOf(mode, "IPPool");
  const pool = `bad-days-${Math.random().toString(36).slice(2, 8)}`;
  const { asked, following } = countRequests(connection);
  const world = {
    site,
    proxy,
    clock,
    slack,
    mode,
    direct: site.direct,
    connection,
    folder,
    kubeconfig,
    pools,
    pool,
    asked,
    following,
    states,
  };
  onTestFinished(async () => {
    await proxy.heal();
    await stopInventory();
    await connection.close();
    await proxy.stop();
    await removeObject(site.direct, { resource: pools, name: pool }).catch(() => {});
    await site.direct.close();
    await rm(folder, { recursive: true, force: true });
  });
  const cidr = await freeCidr(site.direct, pools);
  await createObject(site.direct, { resource: pools }, poolObject(mode, pool, cidr));
  await options.prepare?.(world);
  const inventory = startInventory(connection);
  configure({ connection, mode: "local" }, inventory);
  return { ...world, inventory };
}

export function resourceOf(mode: ApiMode, kind: CalicoKind): ResourceRef {
  const { group, version, plural } = servedKind(mode, kind);
  return { group, version, plural, namespaced: false };
}

/** A pool that gives no addresses. */
export function poolObject(mode: ApiMode, name: string, cidr: string, annotations: object = {}): object {
  const { group, version, kind } = servedKind(mode, "IPPool");
  return {
    apiVersion: `${group}/${version}`,
    kind,
    metadata: { name, annotations },
    spec: { cidr, blockSize: 26, disabled: true, nodeSelector: "all()" },
  };
}

/** A /26 of the range for tests of networks (RFC 2544) that no pool overlaps. */
export async function freeCidr(direct: ClusterConnection, pools: ResourceRef): Promise<string> {
  const taken = (await listAll(direct, pools)).items.map((raw) => text(record(record(raw).spec).cidr) ?? "");
  for (;;) {
    const prefix = `198.18.${Math.floor(Math.random() * 256)}.`;
    if (!taken.some((cidr) => cidr.startsWith(prefix))) return `${prefix}0/26`;
  }
}

function countRequests(connection: ClusterConnection) {
  const asked = { lists: 0, checks: 0, watches: 0 };
  const following = new Set<string>();
  const open = connection.open.bind(connection);
  connection.open = async (spec: RequestSpec) => {
    const query = spec.query ?? {};
    const isWatch = query["watch"] === true;
    if (isWatch) asked.watches += 1;
    else if (query["limit"] === 1) asked.checks += 1;
    else if ("limit" in query && query["continue"] === undefined) asked.lists += 1;
    const answer = await open(spec);
    return isWatch ? { ...answer, chunks: noted(answer.chunks, spec.path) } : answer;
  };
  async function* noted(chunks: AsyncGenerator<Buffer, void>, watch: string): AsyncGenerator<Buffer, void> {
    following.add(watch);
    try {
      yield* chunks;
    } finally {
      following.delete(watch);
    }
  }
  return { asked, following };
}

/** Every kind is followed, apart from those that this cluster does not serve or this user may not read. */
export function isLive({ inventory, states, following }: World): boolean {
  const live = [...states.values()].filter((state) => state === "live").length;
  const closed = [...states.values()].filter((state) => /^(forbidden|notInstalled)$/.test(state)).length;
  const isFollowed = following.size >= live && live + closed === kinds.length;
  return inventory.phase.status === "ready" && !inventory.stale && isFollowed;
}

/** Changes the test's pool and a namespace past the proxy; answers what to wait for. */
export async function change(world: World): Promise<() => boolean> {
  const { direct, pools, pool, inventory } = world;
  const mark = String(Math.random());
  const patch = { metadata: { annotations: { "poolboard.test/mark": mark } } };
  const versionOf = (raw: unknown) => text(record(record(raw).metadata).resourceVersion);
  await mergePatch(direct, { resource: pools, name: pool }, patch);
  const space = versionOf(await mergePatch(direct, { resource: namespaces, name: "default" }, patch));
  // A pool's version is not asked for: Calico's controller may have written its own word since.
  return () =>
    inventory.space.pools.get("", pool)?.pool.annotations["poolboard.test/mark"] === mark &&
    inventory.namespaces.get("", "default")?.revision === space;
}

/** Live, and what is changed now arrives. */
export async function isCurrent(world: World): Promise<void> {
  const arrived = await change(world);
  await until(() => arrived() && isLive(world));
}

/** Runs until it is true and answers how long that took, in milliseconds of the product's clock. */
export async function timed({ clock }: World, work: () => Promise<void>): Promise<number> {
  const startedAt = clock.now();
  await work();
  return clock.now() - startedAt;
}
