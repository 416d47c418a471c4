import { toRawAffinity, toRawBlock, toRawHandle } from "../../calico/to-raw.ts";
import { affinityName, handleName } from "../../calico/names.ts";
import { parseBlock } from "../../calico/parse-block.ts";
import { formatAddress, parseAddress } from "../../ipam/address.ts";
import type { Block } from "../../ipam/block.ts";
import {
  attribute,
  freeAddresses,
  isEmpty,
  newBlock,
  ordinalOf,
  takeFromBlock,
} from "../../ipam/block-ops.ts";
import { collectCooled, releaseByHandle } from "../../ipam/block-release.ts";
import { type Cidr, cidrAround, cidrContains, formatCidr, parseCidr } from "../../ipam/cidr.ts";
import { cidrName } from "../../ipam/cidr-name.ts";
import { type CidrSet, cidrSet } from "../../ipam/cidr-set.ts";
import { calicoResources, type StorageMode } from "../storage-mode.ts";
import type { SeededRandom } from "../scenarios/seeded-random.ts";
import { listAt, numberAt, objectAt, textAt } from "../store/json.ts";
import { type KubeObject, type Meta, timestamp } from "../store/kube-object.ts";
import type { Store } from "../store/store.ts";

/** A pool that gives pods of the churn their addresses. */
export interface ChurnPool {
  readonly cidr: Cidr;
  readonly blockSize: number;
}

/** Who takes an address, as the CNI plugin writes it down. */
interface Taker {
  readonly node: string;
  readonly handle: string;
  readonly owner: Readonly<Record<string, string>>;
}

/** Free addresses that a node's other blocks must have before an empty one is given up. */
const enoughFree = 16;
const probes = 64;
/** Calico makes no block larger than a /20. */
const smallestPrefix = 20;

/**
 * The blocks of a cluster's store, written as node agents write them: addresses are taken from a node's own blocks, a block is
 * claimed when they are full and given up when it is empty and not needed. Blocks, affinities and handles always agree.
 */
export class BlockBook {
  /** Writes of blocks so far. */
  writes = 0;
  readonly #store: Store;
  readonly #mode: StorageMode;
  readonly #random: SeededRandom;
  readonly #blocksKey: string;
  readonly #affinitiesKey: string;
  readonly #handlesKey: string;
  readonly #blocks = new Map<string, Block>();
  readonly #byNode = new Map<string, Set<string>>();
  readonly #reserved: CidrSet;
  readonly #cooldownSeconds: number;

  constructor(store: Store, mode: StorageMode, random: SeededRandom) {
    this.#store = store;
    this.#mode = mode;
    this.#random = random;
    const { blocks, affinities, handles, reservations, ipamConfigs } = calicoResources(mode);
    const keyOf = ({ plural, group }: { plural: string; group: string }) => `${plural}.${group}`;
    this.#blocksKey = keyOf(blocks);
    this.#affinitiesKey = keyOf(affinities);
    this.#handlesKey = keyOf(handles);
    for (const { object } of store.collection(this.#blocksKey).list()) {
      const { value } = parseBlock(object);
      if (value !== null) this.#learn(object.metadata.name, value);
    }
    const all = store.collection(keyOf(reservations)).list();
    this.#reserved = cidrSet(
      all.flatMap(({ object }) => {
        const cidrs = listAt(objectAt(object, "spec"), "reservedCIDRs");
        return cidrs.flatMap((text) => (typeof text === "string" ? parseCidr(text).cidr : []));
      }),
    );
    const [config] = store.collection(keyOf(ipamConfigs)).list();
    this.#cooldownSeconds = numberAt(objectAt(config?.object, "spec"), "ipCooldownSeconds");
  }

  get size(): number {
    return this.#blocks.size;
  }

  /** CNI ADD: the next address of the node. Null: its blocks are full and the pool has no other for it. */
  take(taker: Taker, pool: ChurnPool, now: number): { readonly ip: string; readonly block: string } | null {
    const block = this.#blockWithRoom(taker.node, pool, now) ?? this.#claim(taker.node, pool, now);
    if (block === null) return null;
    const request = {
      attribute: attribute(taker.handle, taker.owner),
      owner: { type: "host" as const, name: taker.node },
      mustBeOwner: true,
    };
    const taken = takeFromBlock(block, 1, request, this.#reserved);
    const [ip] = taken.ok ? taken.ips : [];
    if (!taken.ok || ip === undefined) return null;
    const name = cidrName(block.cidr);
    this.#write(name, { ...taken.block, sequenceNumber: taken.block.sequenceNumber + 1n }, now);
    this.#writeHandle(taker.handle, block.cidr, now);
    return { ip: formatAddress(ip), block: name };
  }

  /** CNI DEL: what the handle holds in that block goes back. */
  release(name: string, handle: string, now: number): void {
    const block = this.#blocks.get(name);
    this.#store.remove(this.#handlesKey, handleName(handle));
    if (block === undefined) return;
    const released = releaseByHandle(block, handle, this.#clock(now));
    if (released.count === 0) return;
    const next = { ...released.block, sequenceNumber: released.block.sequenceNumber + 1n };
    this.#write(name, next, now);
    if (isEmpty(next) && this.#isDispensable(name, next)) this.#giveUp(name, next);
  }

  /** Where an address lies and under which handle it is held; null: in no block, or free. */
  holderOf(ip: string): { readonly block: string; readonly handle: string } | null {
    const address = parseAddress(ip);
    for (let prefix = smallestPrefix; prefix <= 32; prefix++) {
      const name = cidrName(cidrAround(address, prefix));
      const block = this.#blocks.get(name);
      if (block === undefined) continue;
      const index = block.allocations[ordinalOf(block.cidr, address) ?? -1] ?? null;
      const handle = index === null ? null : (block.attributes[index]?.handle ?? null);
      return handle === null ? null : { block: name, handle };
    }
    return null;
  }

  cidrOf(name: string): Cidr | null {
    return this.#blocks.get(name)?.cidr ?? null;
  }

  /** Writes a block's time of claim anew: something in a block that everybody can see change. */
  reclaim(name: string, claimedAt: string, now: number): void {
    const block = this.#blocks.get(name);
    if (block !== undefined) this.#write(name, { ...block, claimedAt }, now);
  }

  #blockWithRoom(node: string, pool: ChurnPool, now: number): Block | null {
    for (const name of this.#byNode.get(node) ?? []) {
      const stored = this.#blocks.get(name);
      if (stored === undefined || !isWithin(pool, stored.cidr)) continue;
      const block = collectCooled(stored, this.#clock(now));
      if (freeAddresses(block, this.#reserved) > 0) return block;
    }
    return null;
  }

  #claim(node: string, pool: ChurnPool, now: number): Block | null {
    const cidr = this.#unclaimed(pool);
    if (cidr === null) return null;
    const owner = { type: "host" as const, name: node };
    const affinity = toRawAffinity(
      { owner, cidr, state: "confirmed", deleted: false, revision: null },
      this.#mode,
    );
    this.#put(this.#affinitiesKey, affinity, now);
    const block = newBlock(cidr, owner, this.#nanoseconds(now));
    this.#write(cidrName(cidr), block, now);
    return block;
  }

  #unclaimed(pool: ChurnPool): Cidr | null {
    const { family, base, prefix } = pool.cidr;
    const slots = 2 ** (pool.blockSize - prefix);
    const size = 2n ** BigInt(32 - pool.blockSize);
    const first = this.#random.below(slots);
    for (let step = 0; step < Math.min(slots, probes); step++) {
      const slot = (first + step * 257) % slots;
      const cidr: Cidr = { family, base: base + BigInt(slot) * size, prefix: pool.blockSize };
      const isFree = !this.#blocks.has(cidrName(cidr));
      if (isFree && freeAddresses(newBlock(cidr, { type: "host", name: "" }, 0n), this.#reserved) > 0)
        return cidr;
    }
    return null;
  }

  /** The node has room enough without it. */
  #isDispensable(name: string, { affinity }: Block): boolean {
    if (affinity === null) return true;
    let free = 0;
    for (const other of this.#byNode.get(affinity.name) ?? []) {
      const block = other === name ? undefined : this.#blocks.get(other);
      if (block !== undefined) free += block.queue.length;
    }
    return free >= enoughFree;
  }

  #giveUp(name: string, { affinity, cidr }: Block): void {
    this.#store.remove(this.#blocksKey, name);
    this.writes += 1;
    this.#blocks.delete(name);
    if (affinity === null) return;
    this.#byNode.get(affinity.name)?.delete(name);
    this.#store.remove(this.#affinitiesKey, affinityName(affinity.name, cidr));
  }

  #write(name: string, block: Block, now: number): void {
    this.#learn(name, block);
    this.#put(this.#blocksKey, toRawBlock({ ...block, revision: null }, this.#mode), now);
    this.writes += 1;
  }

  #writeHandle(id: string, cidr: Cidr, now: number): void {
    const blocks = new Map([[formatCidr(cidr), 1]]);
    const handle = toRawHandle({ id, blocks, deleted: false, revision: null }, this.#mode);
    this.#put(this.#handlesKey, handle, now);
  }

  #learn(name: string, block: Block): void {
    this.#blocks.set(name, block);
    if (block.affinity?.type !== "host") return;
    const names = this.#byNode.get(block.affinity.name) ?? new Set<string>();
    names.add(name);
    this.#byNode.set(block.affinity.name, names);
  }

  /** As the API server stores it: what is new gets its identity, what is there keeps it. */
  #put(
    resource: string,
    raw: { readonly apiVersion: string; readonly kind: string; readonly metadata: { readonly name: string } },
    now: number,
  ): void {
    const before = this.#store.collection(resource).get(raw.metadata.name)?.object.metadata;
    const metadata: Meta = {
      uid: before?.uid ?? this.#random.uuid(),
      creationTimestamp: before?.creationTimestamp ?? timestamp(now),
      ...before,
      ...raw.metadata,
      resourceVersion: "",
      generation: (before?.generation ?? 0) + 1,
    };
    // Calico's objects are JSON: texts, numbers, bigints, lists and plain objects.
    this.#store.put(resource, { ...raw, metadata } as KubeObject);
  }

  #clock(now: number) {
    return { now: this.#nanoseconds(now), cooldownSeconds: this.#cooldownSeconds };
  }

  #nanoseconds(now: number): bigint {
    return BigInt(Math.floor(now)) * 1_000_000n + BigInt(this.#random.below(1_000_000));
  }
}

function isWithin(pool: ChurnPool, cidr: Cidr): boolean {
  return cidrContains(pool.cidr, { family: cidr.family, value: cidr.base });
}

/** Enabled IPv4 pools that pods may have addresses of. */
export function poolsIn(store: Store, mode: StorageMode): readonly ChurnPool[] {
  const { plural, group } = calicoResources(mode).pools;
  return store
    .collection(`${plural}.${group}`)
    .list()
    .flatMap(({ object }) => {
      const spec = objectAt(object, "spec");
      const text = textAt(spec, "cidr");
      const usable = spec["disabled"] !== true && spec["assignmentMode"] !== "Manual" && !text.includes(":");
      return usable ? [{ cidr: parseCidr(text).cidr, blockSize: numberAt(spec, "blockSize") || 26 }] : [];
    });
}
