import type { Block, Owner } from "./block.ts";
import type { Cidr } from "./cidr.ts";
import type { Pool } from "./pool.ts";

export type AffinityState = "confirmed" | "pending" | "pendingDeletion";

/** One BlockAffinity: an owner's claim on a block. The block's own `affinity` is authoritative. */
export interface Affinity {
  readonly owner: Owner;
  readonly cidr: Cidr;
  /** Empty text in old data counts as confirmed. */
  readonly state: AffinityState;
  readonly deleted: boolean;
  readonly revision: string | null;
}

/** One IPAMHandle: handle ID → number of addresses per block. */
export interface Handle {
  readonly id: string;
  /** Canonical block CIDR text → count. */
  readonly blocks: ReadonlyMap<string, number>;
  readonly deleted: boolean;
  readonly revision: string | null;
}

/** IPAMConfig `default`; when the object is absent `defaultIpamConfig` applies. */
export interface IpamConfig {
  readonly strictAffinity: boolean;
  readonly autoAllocateBlocks: boolean;
  /** 0 means Calico's built-in 20. */
  readonly maxBlocksPerHost: number;
  readonly kubeVirtVMAddressPersistence: "Enabled" | "Disabled";
  /** 0–1200 (≥3.33). */
  readonly ipCooldownSeconds: number;
}

export interface Reservation {
  readonly name: string;
  /** Malformed entries are left out here and flagged by lib/calico. */
  readonly cidrs: readonly Cidr[];
}

/** All that the allocator looks at, as read at one moment. */
export interface IpamSnapshot {
  readonly pools: readonly Pool[];
  /** By canonical CIDR text. */
  readonly blocks: ReadonlyMap<string, Block>;
  readonly affinities: readonly Affinity[];
  /** By handle ID. */
  readonly handles: ReadonlyMap<string, Handle>;
  /** Null: the object is absent. */
  readonly config: IpamConfig | null;
  readonly reservations: readonly Reservation[];
}

/**
 * One API write, in the order Calico makes them. `create` carries revision null, `update` and `delete` the revision read;
 * there null means: written earlier in the same plan, take the revision that write returned.
 * Deletes are Calico's two steps (PUT deleted=true, then DELETE with a uid precondition); the writer does both.
 */
export type IpamWrite =
  | { readonly kind: "affinity"; readonly op: "create" | "update" | "delete"; readonly affinity: Affinity }
  | { readonly kind: "block"; readonly op: "create" | "update" | "delete"; readonly block: Block }
  | { readonly kind: "handle"; readonly op: "create" | "update" | "delete"; readonly handle: Handle };
