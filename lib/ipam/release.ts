import type { Address } from "./address.ts";
import { releaseAffinity } from "./affine-block.ts";
import type { NodeLabels } from "./auto-assign.ts";
import type { Block } from "./block.ts";
import { isEmpty } from "./block-ops.ts";
import { type AddressRelease, releaseAddresses, releaseByHandle } from "./block-release.ts";
import { enabledPools, selectsNode } from "./candidate-pools.ts";
import { type Cidr, cidrContains, firstAddress, formatCidr, parseCidr } from "./cidr.ts";
import { compareNames } from "./cidr-name.ts";
import type { Nanoseconds } from "./go-time.ts";
import { blockAround } from "./host-order.ts";
import { IpamDraft, type IpamPlan } from "./ipam-draft.ts";
import type { IpamSnapshot } from "./snapshot.ts";

export interface ReleaseRequest {
  /** Handle IDs, one after the other; unknown ones are no error. */
  readonly handles: readonly string[];
  readonly nodeLabels: NodeLabels;
  readonly now: Nanoseconds;
}

/** Plans the release of everything that belongs to some handles. */
export function planRelease(snapshot: IpamSnapshot, request: ReleaseRequest): IpamPlan {
  const draft = new IpamDraft(snapshot, request.now);
  for (const handle of request.handles) releaseHandle(draft, handle, request.nodeLabels);
  return draft.plan();
}

/**
 * What the CNI plugin does when a pod goes: its handle, then the one an allocation of Calico 2 would have.
 * Source: projectcalico/calico@87c1590 cni-plugin/pkg/ipamplugin/ipam_plugin.go cmdDel
 */
export function planCniDel(
  snapshot: IpamSnapshot,
  pod: { handle: string; namespace: string; pod: string },
  clock: Omit<ReleaseRequest, "handles">,
): IpamPlan {
  return planRelease(snapshot, { ...clock, handles: [pod.handle, `${pod.namespace}.${pod.pod}`] });
}

/**
 * Releases a handle's addresses, block by block as its IPAMHandle lists them; without that object nothing is found.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/ipam/ipam.go ReleaseByHandle
 */
export function releaseHandle(draft: IpamDraft, handle: string, nodeLabels: NodeLabels): void {
  const blocks = [...(draft.handle(handle)?.blocks.keys() ?? [])];
  for (const key of blocks.sort(compareNames)) {
    const block = draft.block(parseCidr(key).cidr);
    if (block === null) continue;
    const released = releaseByHandle(block, handle, draft.clock);
    if (released.count === 0) continue;
    const written = writeReleased(draft, released.block);
    draft.decrementHandle(handle, block.cidr, released.count);
    giveUpUnselected(draft, written, nodeLabels);
  }
}

export interface AddressesRequest {
  readonly releases: readonly AddressRelease[];
  readonly nodeLabels: NodeLabels;
  readonly now: Nanoseconds;
}

export interface ReleasedAddresses {
  /** Were not assigned, or are cooling already. */
  readonly notAssigned: readonly Address[];
  /** The first refusal (stale handle or sequence number); other blocks are released all the same. */
  readonly error: string | null;
}

/** Plans the release of single addresses, as `calicoctl ipam release --ip` and the collector do. */
export function planReleaseAddress(
  snapshot: IpamSnapshot,
  request: AddressesRequest,
): ReleasedAddresses & IpamPlan {
  const draft = new IpamDraft(snapshot, request.now);
  const released = releaseSingle(draft, request.releases, request.nodeLabels);
  return { ...released, ...draft.plan() };
}

/**
 * One write per block. A block is looked for at its pool's block size (the first pool by name, disabled ones too), so an
 * address in a block of another size is not found; outside every pool all blocks are searched.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/ipam/ipam.go ReleaseIPs, releaseIPsFromBlock
 */
export function releaseSingle(
  draft: IpamDraft,
  releases: readonly AddressRelease[],
  nodeLabels: NodeLabels,
): ReleasedAddresses {
  const notAssigned: Address[] = [];
  const perBlock = new Map<string, { cidr: Cidr; releases: AddressRelease[] }>();
  for (const release of releases) {
    const cidr = blockOf(draft, release.address);
    if (cidr === null) {
      notAssigned.push(release.address);
      continue;
    }
    const key = formatCidr(cidr);
    const group = perBlock.get(key) ?? { cidr, releases: [] };
    group.releases.push(release);
    perBlock.set(key, group);
  }
  let error: string | null = null;
  for (const group of perBlock.values()) {
    const block = draft.block(group.cidr);
    if (block === null) {
      notAssigned.push(...group.releases.map((release) => release.address));
      continue;
    }
    const released = releaseAddresses(block, group.releases, draft.clock);
    if (!released.ok) {
      error ??= released.error;
      continue;
    }
    notAssigned.push(...released.notAssigned);
    if (released.notAssigned.length === group.releases.length) continue;
    const written = writeReleased(draft, released.block);
    for (const [handle, count] of released.handles) draft.decrementHandle(handle, block.cidr, count);
    giveUpUnselected(draft, written, nodeLabels);
  }
  return { notAssigned, error };
}

function blockOf(draft: IpamDraft, address: Address): Cidr | null {
  const pool = draft.base.pools
    .filter((one) => cidrContains(one.cidr, address))
    .sort((a, b) => compareNames(a.name, b.name))[0];
  if (pool !== undefined) return blockAround(pool, address);
  for (const block of draft.allBlocks()) if (cidrContains(block.cidr, address)) return block.cidr;
  return null;
}

/** An emptied block that nobody owns goes; any other is written. Null: it is gone. */
function writeReleased(draft: IpamDraft, block: Block): Block | null {
  if (block.affinity !== null || !isEmpty(block)) return draft.updateBlock(block);
  draft.deleteBlock(block);
  return null;
}

/**
 * A block whose pool no longer selects its owner is given up once it is empty.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/ipam/ipam.go ensureConsistentAffinity
 */
function giveUpUnselected(draft: IpamDraft, block: Block | null, nodeLabels: NodeLabels): void {
  if (block?.affinity?.type !== "host") return;
  const labels = nodeLabels(block.affinity.name);
  if (labels === null) return;
  const pool = enabledPools(draft.base.pools, block.cidr.family).find((one) =>
    cidrContains(one.cidr, firstAddress(block.cidr)),
  );
  if (pool !== undefined && !selectsNode(pool, labels))
    releaseAffinity(draft, block.affinity, block.cidr, true);
}
