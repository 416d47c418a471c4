import type { Pool } from "../../lib/contract/pools.ts";
import type { Answer, Product } from "./fixtures.ts";

export interface RawPool {
  readonly metadata: { readonly name: string; readonly finalizers?: readonly string[] };
  readonly spec: Readonly<Record<string, unknown>>;
  readonly status?: { readonly conditions?: readonly unknown[] };
}

/** The specs of all pools as kubectl reads them, by name. */
export async function storedPools(product: Product): Promise<ReadonlyMap<string, RawPool["spec"]>> {
  const pools = await product.objects<RawPool>(product.kind("IPPool"));
  return new Map(pools.map(({ metadata, spec }) => [metadata.name, spec]));
}

/** Asks Poolboard to delete the pool, as a script would. */
export function deleteByApi(product: Product, pool: Pool, dryRun: boolean): Promise<Answer> {
  const { name, uid, resourceVersion } = pool;
  const body = { uid, resourceVersion, confirm: name };
  return product.ask(`/api/v1/pools/${name}?dryRun=${dryRun}`, { method: "DELETE", body });
}
