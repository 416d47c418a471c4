import { POOL_FINALIZER } from "../../calico/dialect.ts";
import { parsePool } from "../../calico/parse-pool.ts";
import { dropAffinity } from "../../ipam/block-ops.ts";
import { cidrsOverlap, formatCidr } from "../../ipam/cidr.ts";
import type { AllocatableCondition } from "../../ipam/pool.ts";
import { poolConditions } from "../../ipam/pool-condition.ts";
import type { RawObject, ScenarioOptions } from "./builder.ts";
import { type ClusterBuilder, day, hour } from "./builder.ts";
import { addRefusedPod, disablePool, settledWorld } from "./settled-world.ts";

/**
 * Calico's kinds as CRDs of projectcalico.org/v3, with kube-controllers' judgement on every pool: one that overlaps another, a
 * disabled one, and one whose deletion waits for its last addresses.
 */
export function nativeV3(options: ScenarioOptions): Iterable<RawObject> {
  const builder = settledWorld("native-v3", options, "native");
  const always = { vxlanMode: "Always", natOutgoing: true };
  builder.pool("staging-pool", { cidr: "10.64.8.0/22", ...always }, { ageSeconds: 9 * day });
  disablePool(builder, "legacy-ipip");
  deletePool(builder, "burst-2025", 5 * hour);
  builder.namespace("staging", {
    annotations: { "cni.projectcalico.org/ipv4pools": '["staging-pool"]' },
    ageSeconds: 9 * day,
  });
  addRefusedPod(builder, "staging", "preview", "10.64.8.0/22");
  judgePools(builder);
  return builder.objects();
}

/** Deleted while it had addresses: the nodes lost their claims on its blocks, and it waits. */
function deletePool(builder: ClusterBuilder, name: string, secondsAgo: number): void {
  const { cidr } = builder.ipam.pool(name);
  for (const block of builder.ipam.snapshot.blocks.values()) {
    if (block.affinity === null || !cidrsOverlap(cidr, block.cidr)) continue;
    builder.ipam.alter(formatCidr(block.cidr), dropAffinity);
    builder.ipam.dropAffinityRow(formatCidr(block.cidr));
  }
  builder.changePool(name, (pool) => ({
    ...pool,
    metadata: {
      ...pool.metadata,
      generation: 2,
      deletionTimestamp: builder.timeBefore(secondsAgo),
      deletionGracePeriodSeconds: 0,
    },
  }));
}

/** Conditions and finalizers as the pool controller left them. */
function judgePools(builder: ClusterBuilder): void {
  const pools = builder.ipam.snapshot.pools.map(({ name }) => builder.poolObject(name));
  const conditions = poolConditions(pools.flatMap((pool) => parsePool(pool).value ?? []));
  for (const [name, condition] of conditions) {
    builder.changePool(name, (pool) => judged(pool, condition, builder));
  }
}

function judged(pool: RawObject, condition: AllocatableCondition, builder: ClusterBuilder): RawObject {
  const isHeld = condition.status === "True" || condition.reason === "Terminating";
  const { creationTimestamp, deletionTimestamp } = pool.metadata;
  const lastTransitionTime =
    condition.reason === "PoolDisabled"
      ? builder.timeBefore(20 * day)
      : (deletionTimestamp ?? creationTimestamp);
  return {
    ...pool,
    metadata: { ...pool.metadata, ...(isHeld ? { finalizers: [POOL_FINALIZER] } : {}) },
    status: { conditions: [{ type: "Allocatable", ...condition, lastTransitionTime }] },
  };
}
