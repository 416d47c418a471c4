import type { Address, Family } from "./address.ts";
import { blockFromAffinity, type BlockOutcome, pendingAffinity, releaseAffinity } from "./affine-block.ts";
import type { Block, Owner } from "./block.ts";
import { attribute, freeAddresses, takeFromBlock } from "./block-ops.ts";
import { candidatePools, selectsNode } from "./candidate-pools.ts";
import { type Cidr, cidrContains, firstAddress, formatCidr } from "./cidr.ts";
import { cidrSetCovers } from "./cidr-set.ts";
import { findUsableBlock, unreservedSlots } from "./find-block.ts";
import type { Nanoseconds } from "./go-time.ts";
import { IpamDraft, type IpamPlan } from "./ipam-draft.ts";
import type { AllowedUse, Pool } from "./pool.ts";
import type { Labels } from "./selector.ts";
import type { Affinity, IpamSnapshot } from "./snapshot.ts";

/** Kubernetes labels of a node over Calico's own; null when there is no such node. */
export type NodeLabels = (node: string) => Labels | null;

export interface AutoAssignRequest {
  readonly family: Family;
  /** Default 1. */
  readonly count?: number;
  /** Pool CIDRs asked for, in order; empty: selectors decide. */
  readonly requestedPools: readonly Cidr[];
  readonly node: string;
  readonly nodeLabels: NodeLabels;
  readonly namespaceLabels: Labels | null;
  readonly use: AllowedUse;
  readonly handle: string | null;
  /** The owner's keys, stored with the address. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly now: Nanoseconds;
  /** Limit of this request alone; absent or 0: only the configured one. */
  readonly maxBlocks?: number;
  readonly windows?: boolean;
}

export interface Assigned {
  readonly ips: readonly Address[];
  /** Calico's error; what was taken before it stays taken. A shortfall alone is no error: see `shortfall`. */
  readonly error: string | null;
  /** Calico's notes on a shortfall. */
  readonly notes: readonly string[];
}

/** Plans one AutoAssign of one family. */
export function planAutoAssign(snapshot: IpamSnapshot, request: AutoAssignRequest): Assigned & IpamPlan {
  const draft = new IpamDraft(snapshot, request.now);
  const assigned = autoAssign(draft, request);
  return { ...assigned, ...draft.plan() };
}

/** The sentence about a shortfall, or null when all was assigned. Source: ipam.go PartialFulfillmentError */
export function shortfall(
  assigned: Assigned,
  { family, count = 1, windows = false }: AutoAssignRequest,
): string | null {
  if (assigned.ips.length >= count) return null;
  const head = `Assigned ${assigned.ips.length} out of ${count} requested IPv${family} addresses`;
  const tail = windows && family === 4 ? ["HostReservedAttr: windows-reserved-ipam-handle"] : [];
  return [head, ...assigned.notes, ...tail].join("; ");
}

/** Calico's built-in limit of blocks per host, in effect when none is configured. */
const DEFAULT_BLOCK_LIMIT = 20;

/** Effective limit of blocks per host. Source: projectcalico/calico@87c1590 libcalico-go/lib/ipam/ipam.go autoAssign */
export function blockLimit(configured: number, perRequest = 0): number {
  if (configured > 0 && perRequest > 0) return Math.min(configured, perRequest);
  return configured || perRequest || DEFAULT_BLOCK_LIMIT;
}

/**
 * Takes addresses in Calico's order: the host's own blocks, then new ones, then (unless affinity is strict) other hosts'.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/ipam/ipam.go autoAssign
 */
export function autoAssign(draft: IpamDraft, request: AutoAssignRequest): Assigned {
  const { count = 1, windows = false } = request;
  const { strictAffinity, maxBlocksPerHost } = draft.config;
  const ips: Address[] = [];
  const notes: string[] = [];
  const failed = (error: string): Assigned => ({ ips, error, notes });
  const labels = request.use === "LoadBalancer" ? {} : request.nodeLabels(request.node);
  if (labels === null) return failed(missingNode(request.node));
  const candidates = candidatePools({
    pools: draft.base.pools,
    family: request.family,
    requested: request.requestedPools,
    use: request.use,
    node: { name: request.node, labels },
    namespaceLabels: request.namespaceLabels,
    windows,
  });
  if (!candidates.ok) return failed(candidates.error);
  if (windows && !strictAffinity)
    return failed("global strict affinity should not be false for Windows node");
  const { pools } = candidates;
  const owner: Owner = { type: request.use === "LoadBalancer" ? "virtual" : "host", name: request.node };
  const own = affineBlocks(draft, owner, request.family, candidates, labels);
  const limit = blockLimit(maxBlocksPerHost, request.maxBlocks);
  let owned = own.length;
  const take = (block: Block, mustBeOwner: boolean): void => {
    const entry = { attribute: attribute(request.handle, request.attributes), owner, mustBeOwner };
    const taken = takeFromBlock(block, count - ips.length, entry, draft.reservations);
    if (!taken.ok) {
      addNote(notes, "Failed to assign IPs in newly allocated block");
    } else if (taken.ips.length > 0) {
      if (request.handle !== null) draft.incrementHandle(request.handle, block.cidr, taken.ips.length);
      draft.updateBlock(taken.block);
      ips.push(...taken.ips);
    }
  };

  while (ips.length < count) {
    const existing = nextAffineBlock(draft, own, windows);
    if (existing !== null) {
      take(existing, strictAffinity);
      continue;
    }
    if (owned >= limit) return failed("cannot allocate new block due to per host block limit");
    if (!draft.config.autoAllocateBlocks) return failed("failed to find or claim a block");
    const claimed = claimNextBlock(draft, pools, owner, windows);
    if (claimed === null) {
      if (strictAffinity) addNote(notes, "No more free affine blocks and strict affinity enabled");
      break;
    }
    if (!claimed.ok) return failed(claimed.error);
    owned++;
    take(claimed.block, strictAffinity);
  }
  if (strictAffinity || ips.length === count) return { ips, error: null, notes };

  for (const pool of pools) {
    for (const cidr of unreservedSlots(pool, owner.name, draft.now, draft.reservations)) {
      const block = draft.block(cidr);
      if (block !== null) take(block, false);
      if (ips.length === count) return { ips, error: null, notes };
    }
  }
  addNote(notes, `No IPs available in pools: [${pools.map((pool) => formatCidr(pool.cidr)).join(" ")}]`);
  return { ips, error: null, notes };
}

export function missingNode(node: string): string {
  return `resource does not exist: Node(${node}) with error: nodes "${node}" not found`;
}

function addNote(notes: string[], note: string): void {
  if (!notes.includes(note)) notes.push(note);
}

/**
 * The host's claims inside the candidate pools, in list order. Empty blocks of pools that no longer select the node are
 * given up on the way. Source: projectcalico/calico@87c1590 libcalico-go/lib/ipam/ipam.go prepareAffinityBlocksForHost
 */
function affineBlocks(
  draft: IpamDraft,
  owner: Owner,
  family: Family,
  {
    pools,
    selecting,
    enabled,
  }: { pools: readonly Pool[]; selecting: readonly Pool[]; enabled: readonly Pool[] },
  labels: Labels,
): Affinity[] {
  const within = (list: readonly Pool[], row: Affinity) =>
    list.find((pool) => cidrContains(pool.cidr, firstAddress(row.cidr)));
  const rows = draft.affinitiesOf(owner, family);
  for (const row of rows) {
    if (within(pools, row) !== undefined || within(selecting, row) !== undefined) continue;
    const pool = within(enabled, row);
    if (pool !== undefined && !selectsNode(pool, labels)) releaseAffinity(draft, owner, row.cidr, true);
  }
  return rows.filter((row) => within(pools, row) !== undefined);
}

/** Takes claims from the head of the list until one leads to a block with a free address. */
function nextAffineBlock(draft: IpamDraft, own: Affinity[], windows: boolean): Block | null {
  for (let row = own.shift(); row !== undefined; row = own.shift()) {
    if (cidrSetCovers(draft.reservations, row.cidr)) continue;
    const loaded = blockFromAffinity(draft, row, windows);
    if (loaded.ok && freeAddresses(loaded.block, draft.reservations) > 0) return loaded.block;
  }
  return null;
}

/** Null: the pools have no block to claim. Source: ipam.go findOrClaimBlock */
function claimNextBlock(
  draft: IpamDraft,
  pools: readonly Pool[],
  owner: Owner,
  windows: boolean,
): BlockOutcome | null {
  const cidr = findUsableBlock(draft, pools, owner);
  if (cidr === null) return null;
  const claimed = blockFromAffinity(draft, pendingAffinity(draft, owner, cidr), windows);
  if (!claimed.ok || freeAddresses(claimed.block, draft.reservations) > 0) return claimed;
  return {
    ok: false,
    error: `Block '${formatCidr(cidr)}' has 0 free ips which is less than 1 ips required.`,
  };
}
