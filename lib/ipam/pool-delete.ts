import { releaseAffinity } from "./affine-block.ts";
import { type Cidr, cidrContains, firstAddress } from "./cidr.ts";
import { cidrName, compareNames } from "./cidr-name.ts";
import type { Nanoseconds } from "./go-time.ts";
import { IpamDraft, type IpamPlan } from "./ipam-draft.ts";
import type { IpamSnapshot } from "./snapshot.ts";

/**
 * The affinity part of deleting a pool: every owned block inside its CIDR is deleted when empty, and loses its owner when
 * not. Calico first disables the pool and waits 500 ms, so that no block is claimed meanwhile; the pool object goes last.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/clientv3/ippool.go Delete, lib/ipam/ipam.go ReleasePoolAffinities
 */
export function planReleasePoolAffinities(snapshot: IpamSnapshot, pool: Cidr, now: Nanoseconds): IpamPlan {
  const draft = new IpamDraft(snapshot, now);
  const owned = [...draft.allBlocks()]
    .filter((block) => block.affinity !== null && cidrContains(pool, firstAddress(block.cidr)))
    .sort((a, b) => compareNames(cidrName(a.cidr), cidrName(b.cidr)));
  for (const block of owned) releaseAffinity(draft, block.affinity, block.cidr, false);
  return draft.plan();
}
