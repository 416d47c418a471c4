import * as one from "../../../app/api/v1/pools/[name]/route.ts";
import * as all from "../../../app/api/v1/pools/route.ts";
import type { ApiMode } from "../../calico/dialect.ts";
import { Pool, type PoolCreateResult, PoolCreateResults } from "../../contract/pools.ts";
import { calicoResource } from "../../inventory/calico-resource.ts";
import { listAll } from "../../kube/objects.ts";
import type { ResourceRef } from "../../kube/paths.ts";
import type { Policy } from "../../sim/api/access.ts";
import { startWriteWorld, type WriteWorld } from "./testing.ts";

/** The tutorial's two documents. */
export const external = `
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: external-pool
spec:
  cidr: 10.64.0.0/20
  blockSize: 26
  ipipMode: Never
  natOutgoing: true
  vxlanMode: CrossSubnet
`;
export const internal = external.replace("external", "internal").replace("10.64.0.0", "10.64.16.0");

interface StoredPool {
  readonly metadata: { readonly name: string; readonly uid: string; readonly resourceVersion: string };
  readonly spec: Readonly<Record<string, unknown>>;
}

/** A cluster whose pools a test writes through our routes. */
export interface PoolWorld extends WriteWorld {
  create(
    manifest: string,
    options?: { dryRun?: boolean; onError?: string },
  ): Promise<{ status: number; results: PoolCreateResult[] }>;
  /** Creates the document's pool and answers as the contract shows it. */
  createdPool(document: string): Promise<Pool>;
  /** PATCH or DELETE of one pool; `path` is its name, perhaps with a query. */
  write(method: "PATCH" | "DELETE", path: string, body: unknown): Promise<{ status: number; body: unknown }>;
  pools(): Promise<readonly StoredPool[]>;
  names(): Promise<readonly string[]>;
  count(resource: ResourceRef): Promise<number>;
}

export async function startPoolWorld(policy?: Policy, apiMode?: ApiMode): Promise<PoolWorld> {
  const world = await startWriteWorld(policy, apiMode);
  const list = async (resource: ResourceRef) => (await listAll(world.connection, resource)).items;
  const pools = async () => (await list(calicoResource(world.inventory, "IPPool"))) as StoredPool[];
  const create: PoolWorld["create"] = async (manifest, { onError, dryRun } = {}) => {
    const path = `pools${dryRun ? "?dryRun=true" : ""}`;
    const { status, body } = await world.send(all, "POST", path, {
      manifest,
      ...(onError ? { onError } : {}),
    });
    return { status, results: status === 200 ? PoolCreateResults.parse(body).results : [] };
  };
  return {
    ...world,
    create,
    createdPool: async (document) => Pool.parse((await create(document)).results[0]?.pool),
    write: (method, path, body) => world.send(one, method, `pools/${path}`, body),
    pools,
    names: async () => (await pools()).map(({ metadata }) => metadata.name),
    count: async (resource) => (await list(resource)).length,
  };
}
