import { type Address, AddressError, type Family, formatAddress, parseAddress } from "./address.ts";
import { assignExact, assignmentOf } from "./assign-exact.ts";
import { tunnelHandle, type TunnelType } from "./attribute-kind.ts";
import {
  autoAssign,
  type AutoAssignRequest,
  missingNode,
  type NodeLabels,
  shortfall,
} from "./auto-assign.ts";
import { selectsNode } from "./candidate-pools.ts";
import { type Cidr, cidrContains } from "./cidr.ts";
import { compareNames } from "./cidr-name.ts";
import type { Nanoseconds } from "./go-time.ts";
import { IpamDraft, type IpamPlan } from "./ipam-draft.ts";
import type { Pool } from "./pool.ts";
import { releaseHandle, releaseSingle } from "./release.ts";
import { type Labels, SelectorError } from "./selector.ts";
import type { IpamSnapshot } from "./snapshot.ts";

/** Tunnel addresses of a node, as its annotations hold them. */
export type TunnelAddresses = Readonly<Partial<Record<TunnelType, string>>>;

export interface TunnelRequest {
  readonly node: string;
  readonly nodeLabels: NodeLabels;
  readonly addresses: TunnelAddresses;
  /** Families for which the node has published a WireGuard key. */
  readonly wireguardKeys: readonly Family[];
  /** FelixConfiguration wireguardHostEncryptionEnabled: then no WireGuard address is needed. */
  readonly hostEncryption?: boolean;
  readonly now: Nanoseconds;
}

export interface TunnelPlan extends IpamPlan {
  /** What the annotations must hold afterwards; a type that is absent has none. Unchanged when `error` is set. */
  readonly addresses: TunnelAddresses;
  readonly error: string | null;
}

/** Order of work within a pass. */
export const tunnelPass: readonly { readonly type: TunnelType; readonly family: Family }[] = [
  { type: "wireguardTunnelAddress", family: 4 },
  { type: "wireguardV6TunnelAddress", family: 6 },
  { type: "ipipTunnelAddress", family: 4 },
  { type: "vxlanTunnelAddress", family: 4 },
  { type: "vxlanV6TunnelAddress", family: 6 },
];

/**
 * One pass of calico-node's tunnel address allocator: an address is kept while it lies in a pool that still wants that
 * tunnel on this node, moved when it does not, and removed when no pool does. When a type fails, the pass ends there and
 * gives back what it took.
 * Source: projectcalico/calico@87c1590 node/pkg/allocateip/allocateip.go reconcileTunnelAddrs
 */
export function planTunnels(snapshot: IpamSnapshot, request: TunnelRequest): TunnelPlan {
  const draft = new IpamDraft(snapshot, request.now);
  const addresses: Partial<Record<TunnelType, string>> = { ...request.addresses };
  const taken: TunnelType[] = [];
  const labels = request.nodeLabels(request.node);
  let error =
    labels === null ? `failed to fetch node resource '${request.node}': ${missingNode(request.node)}` : null;
  for (const { type, family } of labels === null ? [] : tunnelPass) {
    const carrier = { ...request, selects: (pool: Pool) => selectsSafely(pool, labels ?? {}) };
    const pools = tunnelPools(draft.base.pools, type, family, carrier).map((pool) => pool.cidr);
    if (pools.length === 0) {
      removeAddress(draft, request, type);
      delete addresses[type];
      continue;
    }
    const ensured = ensureAddress(draft, request, type, family, pools);
    if (ensured.error !== null) {
      error = ensured.error;
      break;
    }
    if (ensured.address === null) continue;
    addresses[type] = ensured.address;
    taken.push(type);
  }
  if (error !== null) {
    for (const type of taken) releaseHandle(draft, tunnelHandle(type, request.node), request.nodeLabels);
  }
  return { addresses: error === null ? addresses : request.addresses, error, ...draft.plan() };
}

/** What of a node decides which pools give it tunnel addresses. */
export interface TunnelCarrier extends Pick<TunnelRequest, "wireguardKeys" | "hostEncryption"> {
  /** Whether the pool's node selector matches it; a selector that cannot be read matches nobody. */
  readonly selects: (pool: Pool) => boolean;
}

/**
 * The pools that a tunnel address of the type may lie in, in name order. Calico's own condition is not looked at here.
 * Source: allocateip.go determineEnabledPoolCIDRs
 */
export function tunnelPools(
  pools: readonly Pool[],
  type: TunnelType,
  family: Family,
  carrier: TunnelCarrier,
): Pool[] {
  const wanted = (pool: Pool): boolean => {
    if (pool.cidr.family !== family || pool.disabled || pool.deleting) return false;
    if (!pool.allowedUses.includes("Tunnel") || !carrier.selects(pool)) return false;
    if (type === "ipipTunnelAddress") return pool.ipipMode !== "Never";
    if (type === "vxlanTunnelAddress" || type === "vxlanV6TunnelAddress") return pool.vxlanMode !== "Never";
    return carrier.wireguardKeys.includes(family) && carrier.hostEncryption !== true;
  };
  return pools.filter(wanted).sort((a, b) => compareNames(a.name, b.name));
}

function selectsSafely(pool: Pool, labels: Labels): boolean {
  try {
    return selectsNode(pool, labels);
  } catch (error) {
    if (error instanceof SelectorError) return false;
    throw error;
  }
}

/** `address` null: what there is stays. Source: allocateip.go ensureHostTunnelAddress */
function ensureAddress(
  draft: IpamDraft,
  request: TunnelRequest,
  type: TunnelType,
  family: Family,
  pools: readonly Cidr[],
): { address: string | null; error: string | null } {
  const handle = tunnelHandle(type, request.node);
  const held = request.addresses[type];
  const current = held === undefined || held === "" ? null : readAddress(held);
  if (current === "invalid") return { address: null, error: `failed to parse the CIDR '${held}'` };
  const verdict = current === null ? "release" : judge(draft, request, type, pools, current);
  if (verdict === "keep") return { address: null, error: null };
  if (verdict === "cooling") {
    const why = `address ${held} is in cooldown`;
    return { address: null, error: `failed to get assignment attributes for CIDR '${held}': ${why}` };
  }
  if (verdict === "release") releaseHandle(draft, handle, request.nodeLabels);
  const { node, nodeLabels, now } = request;
  const wanted: AutoAssignRequest = {
    family,
    requestedPools: pools,
    node,
    nodeLabels,
    namespaceLabels: null,
    use: "Tunnel",
    handle,
    attributes: { node, type },
    now,
  };
  const assigned = autoAssign(draft, wanted);
  const error = assigned.error ?? shortfall(assigned, wanted);
  return { address: error === null ? assigned.ips.map(formatAddress).join() : null, error };
}

type Verdict = "keep" | "replace" | "release" | "cooling";

/** What to do about the address a node holds: `replace` leaves the old one to whoever has it. */
function judge(
  draft: IpamDraft,
  request: TunnelRequest,
  type: TunnelType,
  pools: readonly Cidr[],
  address: Address,
): Verdict {
  const assignment = assignmentOf(draft, address);
  if (assignment.state === "cooling") return "cooling";
  if (assignment.state === "notAssigned") return "release";
  const { owner, handle } = assignment;
  if (owner["type"] === type && owner["node"] === request.node) {
    return pools.some((cidr) => cidrContains(cidr, address)) ? "keep" : "release";
  }
  if (Object.keys(owner).length > 0 || handle !== null) return "replace";
  return adoptBareAllocation(draft, request, type, address) ? "keep" : "replace";
}

/** An allocation from before attributes existed gets a handle and keys of ours. Source: allocateip.go correctAllocationWithHandle */
function adoptBareAllocation(
  draft: IpamDraft,
  request: TunnelRequest,
  type: TunnelType,
  address: Address,
): boolean {
  releaseSingle(draft, [{ address }], request.nodeLabels);
  const { node, now } = request;
  const handle = tunnelHandle(type, node);
  return (
    assignExact(draft, { address, node, use: "Tunnel", handle, attributes: { node, type }, now }) === null
  );
}

/**
 * Releases by handle; when the handle object is missing, an address that is ours all the same is released by itself.
 * Source: allocateip.go removeHostTunnelAddr
 */
function removeAddress(draft: IpamDraft, request: TunnelRequest, type: TunnelType): void {
  const handle = tunnelHandle(type, request.node);
  const known = draft.handle(handle) !== null;
  if (known) releaseHandle(draft, handle, request.nodeLabels);
  const address = readAddress(request.addresses[type] ?? "");
  if (known || address === "invalid") return;
  const held = assignmentOf(draft, address);
  if (held.state !== "assigned") return;
  const bare = held.handle === null && Object.keys(held.owner).length === 0;
  if (bare) releaseSingle(draft, [{ address }], request.nodeLabels);
  else if (held.handle === handle) releaseSingle(draft, [{ address, handle }], request.nodeLabels);
}

function readAddress(text: string): Address | "invalid" {
  if (text === "") return "invalid";
  try {
    return parseAddress(text);
  } catch (error) {
    if (error instanceof AddressError) return "invalid";
    throw error;
  }
}
