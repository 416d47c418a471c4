import type { Family } from "./address.ts";
import type { Block, Owner } from "./block.ts";
import { collectCooled, type ReleaseClock } from "./block-release.ts";
import { type Cidr, formatCidr } from "./cidr.ts";
import { cidrName, compareNames } from "./cidr-name.ts";
import { type CidrSet, cidrSet } from "./cidr-set.ts";
import type { Nanoseconds } from "./go-time.ts";
import { overlay } from "./overlay-map.ts";
import type { Affinity, Handle, IpamConfig, IpamSnapshot, IpamWrite } from "./snapshot.ts";

/** What holds when the IPAMConfig object is absent. Source: projectcalico/calico@87c1590 libcalico-go/lib/ipam/ipam.go GetIPAMConfig */
export const defaultIpamConfig: IpamConfig = {
  strictAffinity: false,
  autoAllocateBlocks: true,
  maxBlocksPerHost: 0,
  kubeVirtVMAddressPersistence: "Enabled",
  ipCooldownSeconds: 0,
};

/** Writes to make, in Calico's order, and what the snapshot looks like once they are made. */
export interface IpamPlan {
  /**
   * An update or delete with `revision: null` concerns an object written earlier in the same plan:
   * its precondition is the resourceVersion that write returned.
   */
  readonly writes: readonly IpamWrite[];
  /** Objects written by the plan carry `revision: null` here: nobody has read them back yet. */
  readonly after: IpamSnapshot;
}

/**
 * A snapshot being changed by one plan. Reads see earlier changes; every change is also recorded as the API write Calico
 * would make. Costs grow with what is touched, not with the snapshot.
 */
export class IpamDraft {
  readonly base: IpamSnapshot;
  readonly now: Nanoseconds;
  readonly config: IpamConfig;
  readonly reservations: CidrSet;
  readonly writes: IpamWrite[] = [];
  readonly #blocks = new Map<string, Block | null>();
  readonly #affinities = new Map<string, Affinity | null>();
  readonly #handles = new Map<string, Handle | null>();
  readonly #owners = new Map<string, ReadonlyMap<string, Affinity>>();

  constructor(base: IpamSnapshot, now: Nanoseconds) {
    this.base = base;
    this.now = now;
    this.config = base.config ?? defaultIpamConfig;
    this.reservations = cidrSet(base.reservations.flatMap((reservation) => reservation.cidrs));
  }

  get clock(): ReleaseClock {
    return { now: this.now, cooldownSeconds: this.config.ipCooldownSeconds };
  }

  plan(): IpamPlan {
    return { writes: this.writes, after: this.#after() };
  }

  /** A block as Calico's library loads it: cooled addresses are free again. A half-deleted one is deleted first, as Calico's Get does. */
  block(cidr: Cidr): Block | null {
    const stored = this.peekBlock(formatCidr(cidr));
    if (stored === null) return null;
    if (!stored.deleted) return collectCooled(stored, this.clock);
    this.deleteBlock(stored);
    return null;
  }

  /** As stored; null when absent. The key is the CIDR's text. */
  peekBlock(key: string): Block | null {
    const changed = this.#blocks.get(key);
    return changed === undefined ? (this.base.blocks.get(key) ?? null) : changed;
  }

  /** Every block, half-deleted ones left out, in no particular order. */
  *allBlocks(): Iterable<Block> {
    for (const [key, block] of this.base.blocks) if (!this.#blocks.has(key) && !block.deleted) yield block;
    for (const block of this.#blocks.values()) if (block !== null) yield block;
  }

  createBlock(block: Block): Block {
    this.writes.push({ kind: "block", op: "create", block });
    this.#blocks.set(formatCidr(block.cidr), block);
    return block;
  }

  /** Raises the sequence number, as every write of a block does. */
  updateBlock(block: Block): Block {
    const written = { ...block, sequenceNumber: block.sequenceNumber + 1n };
    this.writes.push({ kind: "block", op: "update", block: written });
    const stored = { ...written, revision: null };
    this.#blocks.set(formatCidr(block.cidr), stored);
    return stored;
  }

  deleteBlock(block: Block): void {
    this.writes.push({ kind: "block", op: "delete", block });
    this.#blocks.set(formatCidr(block.cidr), null);
  }

  affinity(owner: Owner, cidr: Cidr): Affinity | null {
    const changed = this.#affinities.get(affinityKey(owner, cidr));
    const stored = changed === undefined ? (this.#stored(owner).get(formatCidr(cidr)) ?? null) : changed;
    if (stored?.deleted !== true) return stored;
    this.deleteAffinity(stored);
    return null;
  }

  /** One owner's claims of a family, in the order in which the API lists them: by resource name. */
  affinitiesOf(owner: Owner, family: Family): Affinity[] {
    const found = [...this.#stored(owner).values()].filter(
      (row) => !this.#affinities.has(affinityKey(row.owner, row.cidr)) && !row.deleted,
    );
    for (const row of this.#affinities.values())
      if (row !== null && sameOwnerKey(row.owner, owner)) found.push(row);
    return found
      .filter((row) => row.cidr.family === family)
      .map((row) => ({ row, name: listName(row) }))
      .sort((a, b) => compareNames(a.name, b.name))
      .map(({ row }) => row);
  }

  createAffinity(affinity: Affinity): Affinity {
    this.writes.push({ kind: "affinity", op: "create", affinity });
    this.#affinities.set(affinityKey(affinity.owner, affinity.cidr), affinity);
    return affinity;
  }

  updateAffinity(affinity: Affinity): Affinity {
    this.writes.push({ kind: "affinity", op: "update", affinity });
    const stored = { ...affinity, revision: null };
    this.#affinities.set(affinityKey(affinity.owner, affinity.cidr), stored);
    return stored;
  }

  deleteAffinity(affinity: Affinity): void {
    this.writes.push({ kind: "affinity", op: "delete", affinity });
    this.#affinities.set(affinityKey(affinity.owner, affinity.cidr), null);
  }

  handle(id: string): Handle | null {
    const changed = this.#handles.get(id);
    const stored = changed === undefined ? (this.base.handles.get(id) ?? null) : changed;
    if (stored?.deleted !== true) return stored;
    this.writes.push({ kind: "handle", op: "delete", handle: stored });
    this.#handles.set(id, null);
    return null;
  }

  /** Source: projectcalico/calico@87c1590 libcalico-go/lib/ipam/ipam.go incrementHandle */
  incrementHandle(id: string, block: Cidr, count: number): void {
    const key = formatCidr(block);
    const old = this.handle(id);
    const blocks = new Map(old?.blocks).set(key, (old?.blocks.get(key) ?? 0) + count);
    const handle: Handle = { id, blocks, deleted: false, revision: old?.revision ?? null };
    this.writes.push({ kind: "handle", op: old === null ? "create" : "update", handle });
    this.#handles.set(id, { ...handle, revision: null });
  }

  /**
   * Deletes the handle with its last address. A handle that is missing or counts fewer than that is left as it is.
   * Source: projectcalico/calico@87c1590 libcalico-go/lib/ipam/ipam.go decrementHandle
   */
  decrementHandle(id: string, block: Cidr, count: number): void {
    const key = formatCidr(block);
    const old = this.handle(id);
    const left = (old?.blocks.get(key) ?? -1) - count;
    if (old === null || left < 0) return;
    const blocks = new Map(old.blocks);
    if (left === 0) blocks.delete(key);
    else blocks.set(key, left);
    const handle = { ...old, blocks };
    this.writes.push({ kind: "handle", op: blocks.size === 0 ? "delete" : "update", handle });
    this.#handles.set(id, blocks.size === 0 ? null : { ...handle, revision: null });
  }

  #stored(owner: Owner): ReadonlyMap<string, Affinity> {
    const key = `${owner.type}:${owner.name}`;
    const known = this.#owners.get(key);
    if (known !== undefined) return known;
    const rows = this.base.affinities.filter((row) => sameOwnerKey(row.owner, owner));
    const byCidr = new Map(rows.map((row) => [formatCidr(row.cidr), row]));
    this.#owners.set(key, byCidr);
    return byCidr;
  }

  #after(): IpamSnapshot {
    if (this.writes.length === 0) return this.base;
    return {
      ...this.base,
      blocks: overlay(this.base.blocks, this.#blocks),
      handles: overlay(this.base.handles, this.#handles),
      affinities: this.#affinities.size === 0 ? this.base.affinities : this.#affinitiesAfter(),
    };
  }

  #affinitiesAfter(): Affinity[] {
    const kept = this.base.affinities.filter(
      (row) => !this.#affinities.has(affinityKey(row.owner, row.cidr)),
    );
    for (const row of this.#affinities.values()) if (row !== null) kept.push(row);
    return kept;
  }
}

function sameOwnerKey(a: Owner, b: Owner): boolean {
  return a.name === b.name && a.type === b.type;
}

function affinityKey(owner: Owner, cidr: Cidr): string {
  return `${owner.type}:${owner.name} ${formatCidr(cidr)}`;
}

/**
 * The part of an affinity's resource name that decides its place in a list: over-long names have their host cut.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/backend/k8s/resources/ipam_affinity_v1.go parseKey
 */
function listName(row: Affinity): string {
  const block = cidrName(row.cidr);
  const name = `${row.owner.name}-${block}`;
  return name.length < 253 ? name : `${row.owner.name.slice(0, 252 - block.length - 13)}-${block}`;
}
