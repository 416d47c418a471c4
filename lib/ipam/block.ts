import type { Cidr } from "./cidr.ts";

/** Who owns a block or an affinity row: a node (`host`) or the LoadBalancer controller (`virtual`, "load-balancer"). */
export interface Owner {
  readonly type: "host" | "virtual";
  readonly name: string;
}

/** One entry of a block's attribute table. Source: libcalico-go/lib/backend/model/block.go AllocationAttribute */
export interface Attribute {
  /** Handle ID, cut at the first "\r"; null when absent. */
  readonly handle: string | null;
  /** `secondary`: the active owner's keys (pod, namespace, node, type, timestamp, …). */
  readonly owner: Readonly<Record<string, string>>;
  /** `alternateOwnerAttrs` (≥3.32), null when absent. */
  readonly alternateOwner: Readonly<Record<string, string>> | null;
  /** RFC 3339 with 1 s resolution: the address was released and is cooling down (≥3.33). Null otherwise. */
  readonly releasedAt: string | null;
}

/** One IPAMBlock. Values are never changed in place; every operation returns a new Block. */
export interface Block {
  readonly cidr: Cidr;
  /** Null: nobody owns it. */
  readonly affinity: Owner | null;
  /** affinityClaimTime, RFC 3339 (≥3.32); null when absent. */
  readonly claimedAt: string | null;
  /** One slot per ordinal: index into `attributes`, or null when free. */
  readonly allocations: readonly (number | null)[];
  /** Free ordinals; the head is handed out next. */
  readonly queue: readonly number[];
  readonly attributes: readonly Attribute[];
  readonly sequenceNumber: bigint;
  /** Ordinal → the block's sequence number before the write that allocated it. */
  readonly sequenceForAllocation: ReadonlyMap<number, bigint>;
  /** First half of Calico's two-step delete has happened: treat as absent. */
  readonly deleted: boolean;
  /** resourceVersion as read; null for a block not stored yet. */
  readonly revision: string | null;
}
