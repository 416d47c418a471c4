import { type Address, formatAddress } from "./address.ts";
import { claimBlock, pendingAffinity } from "./affine-block.ts";
import type { Owner } from "./block.ts";
import { attribute, takeExact } from "./block-ops.ts";
import { enabledPools } from "./candidate-pools.ts";
import { cidrContains } from "./cidr.ts";
import type { Nanoseconds } from "./go-time.ts";
import { blockAround } from "./host-order.ts";
import { IpamDraft, type IpamPlan } from "./ipam-draft.ts";
import type { AllowedUse, Pool } from "./pool.ts";
import type { IpamSnapshot } from "./snapshot.ts";

export interface ExactRequest {
  readonly address: Address;
  readonly node: string;
  readonly use: AllowedUse;
  readonly handle: string | null;
  readonly attributes: Readonly<Record<string, string>>;
  readonly now: Nanoseconds;
  readonly windows?: boolean;
}

/** Plans the assignment of one named address; `error` is Calico's text, one of them ending in a line break. */
export function planAssignExact(
  snapshot: IpamSnapshot,
  request: ExactRequest,
): { error: string | null } & IpamPlan {
  const draft = new IpamDraft(snapshot, request.now);
  const error = assignExact(draft, request);
  return { error, ...draft.plan() };
}

/**
 * Selectors, assignment mode, reservations, the block limit and autoAllocateBlocks do not apply here.
 * Returns Calico's refusal, or null when the address was taken.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/ipam/ipam.go AssignIP
 */
export function assignExact(draft: IpamDraft, request: ExactRequest): string | null {
  const { address, handle, use } = request;
  const owner: Owner = { type: use === "LoadBalancer" ? "virtual" : "host", name: request.node };
  const found = exactPool(draft.base.pools, address, use);
  if (!found.ok) return found.error;
  const { pool } = found;
  const cidr = blockAround(pool, address);
  const existing = draft.block(cidr);
  const loaded =
    existing === null
      ? claimBlock(draft, pendingAffinity(draft, owner, cidr), request.windows === true)
      : { ok: true as const, block: existing };
  if (!loaded.ok) return loaded.error;
  const entry = attribute(handle, request.attributes);
  const taken = takeExact(loaded.block, address, {
    attribute: entry,
    owner,
    mustBeOwner: draft.config.strictAffinity,
  });
  if (!taken.ok) return taken.error;
  if (handle !== null) draft.incrementHandle(handle, cidr, 1);
  draft.updateBlock(taken.block);
  return null;
}

/** The pool that gives an address asked for by itself, or Calico's refusal. */
export function exactPool(
  pools: readonly Pool[],
  address: Address,
  use: AllowedUse,
): { readonly ok: true; readonly pool: Pool } | { readonly ok: false; readonly error: string } {
  const pool = enabledPools(pools, address.family).find((one) => cidrContains(one.cidr, address));
  if (pool === undefined)
    return { ok: false, error: "The provided IP address is not in a configured pool\n" };
  if (pool.allowedUses.includes(use)) return { ok: true, pool };
  const uses = pool.allowedUses.join(" ");
  const error = `IP address ${formatAddress(address)} is in IP pool "${pool.name}", which is not allowed for use "${use}" (allowedUses: [${uses}])`;
  return { ok: false, error };
}

/** What the attribute look-up of an address tells. */
export type Assignment =
  | { readonly state: "notAssigned" }
  | { readonly state: "cooling" }
  | {
      readonly state: "assigned";
      readonly handle: string | null;
      readonly owner: Readonly<Record<string, string>>;
      readonly alternateOwner: Readonly<Record<string, string>> | null;
    };

/**
 * What Calico itself says of an address. It looks in enabled pools only, so an address in a disabled or deleted pool is
 * "not assigned": look into the blocks to know what is really there.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/ipam/ipam.go GetAssignmentAttributes
 */
export function assignmentOf(draft: IpamDraft, address: Address): Assignment {
  const pool = enabledPools(draft.base.pools, address.family).find((one) => cidrContains(one.cidr, address));
  const block = pool === undefined ? null : draft.block(blockAround(pool, address));
  const index = block?.allocations[Number(address.value - block.cidr.base)] ?? null;
  const entry = index === null ? undefined : block?.attributes[index];
  if (entry === undefined) return { state: "notAssigned" };
  if (entry.releasedAt !== null) return { state: "cooling" };
  return {
    state: "assigned",
    handle: entry.handle,
    owner: entry.owner,
    alternateOwner: entry.alternateOwner,
  };
}
