import type { PoolAnnotations } from "../calico/pod.ts";
import type { Address } from "../ipam/address.ts";
import { grown, NameTable, roomFor } from "../kube/name-table.ts";
import { Interner } from "./interner.ts";
import { type PodIp, podAddress, type PodRow } from "./pod-row.ts";
import { isSameVersion, type Keeper, type Row, type Rows } from "./table.ts";
import { uuidOf, writeUuid } from "./uuid.ts";

/** What few pods have, of those that have it. */
interface Rare {
  /** Left out: one IPv4 address, or none. */
  readonly ips?: readonly PodIp[];
  readonly annotations: PoolAnnotations | null;
  readonly ipAddrs: string | null;
  /** Left out: a UUID. */
  readonly uid?: string;
  /** Left out: a number. */
  readonly revision?: string;
}

/** Bits of `flags`. */
const PRESENT = 1;
const HOST_NETWORK = 2;
const FINISHED = 4;
const EVICTED = 8;
/** The first address is IPv4, and in the column. */
const HAS_IPV4 = 16;
const IS_RARE = 32;

/** So many changed rows are remembered for those who follow them, at most twice as many. */
const journalLimit = 10_000;

const noIps: readonly PodIp[] = Object.freeze([]);

/**
 * All pods, in columns: with everything a fifth of the memory that objects in Maps take. A pod has a number, its slot, for as
 * long as it is there; a `PodRow` is made for the few that are shown. Whoever looks at all of them reads columns.
 */
export class PodTable implements Rows<PodRow> {
  readonly interner: Interner;
  readonly names = new NameTable();
  /** Ids of the interner; 0: not scheduled. */
  nodes = new Uint32Array(0);
  phases = new Uint32Array(0);
  /** The id of the phase of that name. */
  readonly pendingId: number;
  /** Seconds since 1970. */
  createdAt = new Float64Array(0);
  /** The first address where `hasIpv4`. */
  ipv4 = new Uint32Array(0);
  private flags = new Uint8Array(0);
  private uids = new Uint8Array(0);
  private revisions = new Float64Array(0);
  private readonly rare = new Map<number, Rare>();
  private readonly perNamespace = new Map<number, number>();
  private readonly free: number[] = [];
  private count = 0;
  private slots = 0;
  private isFollowed = false;
  private older: number[] = [];
  private newer: number[] = [];
  private journalStart = 0;

  constructor(interner = new Interner()) {
    this.interner = interner;
    this.pendingId = interner.id("Pending");
  }

  get size(): number {
    return this.count;
  }

  /** Slots are below this; not all of them are taken. */
  get end(): number {
    return this.slots;
  }

  get(namespace: string, name: string): PodRow | null {
    const slot = this.find(namespace, name);
    return slot < 0 ? null : this.row(slot);
  }

  /** The slot of a pod; -1: there is none. */
  find(namespace: string, name: string): number {
    const id = namespace === "" ? 0 : this.interner.find(namespace);
    return id === null ? -1 : this.names.find(id, name);
  }

  /** The same by the interner's id of the namespace. */
  findIn(namespace: number, name: string): number {
    return this.names.find(namespace, name);
  }

  /** Rows of one namespace, in no particular order. */
  *group(namespace: string): Iterable<PodRow> {
    const id = namespace === "" ? 0 : this.interner.find(namespace);
    if (id === null || !this.perNamespace.has(id)) return;
    for (let slot = 0; slot < this.slots; slot++)
      if (this.names.namespaces[slot] === id && this.isPresent(slot)) yield this.row(slot);
  }

  groupSize(namespace: string): number {
    const id = namespace === "" ? 0 : this.interner.find(namespace);
    return id === null ? 0 : (this.perNamespace.get(id) ?? 0);
  }

  /** Rows that come or go meanwhile may be left out. */
  *[Symbol.iterator](): Iterator<PodRow> {
    for (let slot = 0; slot < this.slots; slot++) if (this.isPresent(slot)) yield this.row(slot);
  }

  /** All slots that are taken. */
  *present(): Iterable<number> {
    for (let slot = 0; slot < this.slots; slot++) if (this.isPresent(slot)) yield slot;
  }

  isPresent(slot: number): boolean {
    return ((this.flags[slot] ?? 0) & PRESENT) !== 0;
  }

  isHostNetwork(slot: number): boolean {
    return ((this.flags[slot] ?? 0) & HOST_NETWORK) !== 0;
  }

  isFinished(slot: number): boolean {
    return ((this.flags[slot] ?? 0) & FINISHED) !== 0;
  }

  /** The first address is in the column `ipv4`. */
  hasIpv4(slot: number): boolean {
    return ((this.flags[slot] ?? 0) & HAS_IPV4) !== 0;
  }

  /** All its addresses that are not just one in the column `ipv4`; null: there are no others. */
  oddIps(slot: number): readonly PodIp[] | null {
    return this.rareOf(slot)?.ips ?? null;
  }

  hasIps(slot: number): boolean {
    return this.hasIpv4(slot) || this.oddIps(slot) !== null;
  }

  ips(slot: number): readonly PodIp[] {
    return this.oddIps(slot) ?? (this.hasIpv4(slot) ? [this.ipv4[slot] ?? 0] : noIps);
  }

  /** What the pod itself asks for; null: no pool and no address. */
  asks(slot: number): Pick<PodRow, "annotations" | "ipAddrs"> | null {
    const rare = this.rareOf(slot);
    return rare && (rare.annotations !== null || rare.ipAddrs !== null) ? rare : null;
  }

  /** The pods that ask for a pool or an address themselves. */
  *asking(): Iterable<number> {
    for (const slot of this.rare.keys()) if (this.asks(slot)) yield slot;
  }

  hasAddress(slot: number, address: Address): boolean {
    if (address.family === 4 && this.hasIpv4(slot) && this.ipv4[slot] === Number(address.value)) return true;
    return this.oddIps(slot)?.some((ip) => isAddress(ip, address)) ?? false;
  }

  /** Slots of the pods that show this address, in no particular order. */
  *withAddress(address: Address): Iterable<number> {
    for (let slot = 0; slot < this.slots; slot++)
      if (this.isPresent(slot) && this.hasAddress(slot, address)) yield slot;
  }

  row(slot: number): PodRow {
    const { interner } = this;
    const flags = this.flags[slot] ?? 0;
    const rare = this.rareOf(slot);
    return {
      namespace: interner.text(this.names.namespaces[slot] ?? 0) ?? "",
      name: this.names.text(slot),
      uid: rare?.uid ?? uuidOf(this.uids, slot * 16),
      revision: rare?.revision ?? String(this.revisions[slot]),
      node: interner.text(this.nodes[slot] ?? 0),
      phase: interner.text(this.phases[slot] ?? 0) ?? "",
      hostNetwork: (flags & HOST_NETWORK) !== 0,
      finished: (flags & FINISHED) !== 0,
      evicted: (flags & EVICTED) !== 0,
      ips: this.ips(slot),
      createdAt: this.createdAt[slot] ?? 0,
      annotations: rare?.annotations ?? null,
      ipAddrs: rare?.ipAddrs ?? null,
      gone: (flags & PRESENT) === 0,
    };
  }

  /** Stores a row and returns what it replaced. */
  put(row: PodRow): PodRow | null {
    const namespace = this.interner.id(row.namespace);
    const found = this.names.find(namespace, row.name);
    const before = found < 0 ? null : this.row(found);
    const slot = found < 0 ? this.take() : found;
    if (found < 0) {
      this.names.addSought(slot, namespace);
      this.perNamespace.set(namespace, (this.perNamespace.get(namespace) ?? 0) + 1);
      this.count += 1;
    }
    this.write(slot, row);
    this.note(slot);
    return before;
  }

  /** Removes a row and returns it; null when there was none. */
  remove(namespace: string, name: string): PodRow | null {
    const slot = this.find(namespace, name);
    if (slot < 0) return null;
    const row = this.row(slot);
    const id = this.names.namespaces[slot] ?? 0;
    const left = (this.perNamespace.get(id) ?? 0) - 1;
    if (left > 0) this.perNamespace.set(id, left);
    else this.perNamespace.delete(id);
    this.names.remove(slot);
    this.rare.delete(slot);
    this.flags[slot] = 0;
    this.count -= 1;
    this.free.push(slot);
    this.note(slot);
    row.gone = true;
    return row;
  }

  holds(row: Row): boolean {
    const slot = this.find(row.namespace, row.name);
    // Versions as numbers first: nearly always they tell, and nothing is made.
    if (slot < 0 || (this.revisions[slot] !== Number(row.revision) && !this.rareOf(slot))) return false;
    return isSameVersion(this.row(slot), row);
  }

  keeper(): Keeper<PodRow> {
    const kept: boolean[] = [];
    return {
      keep: ({ namespace, name }) => {
        const slot = this.find(namespace, name);
        if (slot >= 0) kept[slot] = true;
      },
      rest: () => this.without(kept),
    };
  }

  private *without(kept: readonly boolean[]): Iterable<PodRow> {
    for (let slot = 0; slot < this.slots; slot++)
      if (this.isPresent(slot) && kept[slot] !== true) yield this.row(slot);
  }

  /** From now on `changedSince` can tell; returns the position now. */
  follow(): number {
    this.isFollowed = true;
    return this.position;
  }

  get position(): number {
    return this.journalStart + this.older.length + this.newer.length;
  }

  /** False: too much has changed since that position to be told. */
  remembers(position: number): boolean {
    return position >= this.journalStart;
  }

  /** Slots that have changed since a position, some of them several times; null: too many have. */
  changedSince(position: number): readonly number[] | null {
    if (!this.remembers(position)) return null;
    const from = position - this.journalStart;
    if (from >= this.older.length) return this.newer.slice(from - this.older.length);
    return [...this.older.slice(from), ...this.newer];
  }

  /** Something about the pod has changed that is not in its row. */
  touch(namespace: string, name: string): void {
    const slot = this.find(namespace, name);
    if (slot >= 0) this.note(slot);
  }

  private rareOf(slot: number): Rare | null {
    return ((this.flags[slot] ?? 0) & IS_RARE) === 0 ? null : (this.rare.get(slot) ?? null);
  }

  private take(): number {
    const free = this.free.pop();
    if (free !== undefined) return free;
    if (this.slots === this.flags.length) this.grow(roomFor(this.slots));
    return this.slots++;
  }

  /** Room for so many rows, if it is not there: growing step by step copies everything twenty times. */
  reserve(rows: number): void {
    if (rows > this.flags.length) this.grow(rows);
  }

  private grow(rows: number): void {
    this.names.grow(rows);
    this.nodes = grown(this.nodes, rows);
    this.phases = grown(this.phases, rows);
    this.createdAt = grown(this.createdAt, rows);
    this.ipv4 = grown(this.ipv4, rows);
    this.flags = grown(this.flags, rows);
    this.uids = grown(this.uids, rows * 16);
    this.revisions = grown(this.revisions, rows);
  }

  private write(slot: number, row: PodRow): void {
    const { interner } = this;
    const [first] = row.ips;
    const hasIpv4 = typeof first === "number";
    const rare = rareOf(row, writeUuid(this.uids, slot * 16, row.uid));
    this.nodes[slot] = interner.id(row.node);
    this.phases[slot] = interner.id(row.phase);
    this.createdAt[slot] = row.createdAt;
    this.ipv4[slot] = hasIpv4 ? first : 0;
    this.revisions[slot] = Number(row.revision);
    if (rare) this.rare.set(slot, rare);
    else this.rare.delete(slot);
    this.flags[slot] =
      PRESENT |
      (row.hostNetwork ? HOST_NETWORK : 0) |
      (row.finished ? FINISHED : 0) |
      (row.evicted ? EVICTED : 0) |
      (hasIpv4 ? HAS_IPV4 : 0) |
      (rare ? IS_RARE : 0);
  }

  private note(slot: number): void {
    if (!this.isFollowed) return;
    this.newer.push(slot);
    if (this.newer.length < journalLimit) return;
    this.journalStart += this.older.length;
    this.older = this.newer;
    this.newer = [];
  }
}

function rareOf(row: PodRow, hasUuid: boolean): Rare | null {
  const { annotations, ipAddrs, uid, revision, ips } = row;
  const hasOddIps = ips.length > 1 || (ips.length === 1 && typeof ips[0] !== "number");
  const hasOddRevision = !isPlainNumber(revision);
  if (annotations === null && ipAddrs === null && !hasOddIps && hasUuid && !hasOddRevision) return null;
  return {
    annotations,
    ipAddrs,
    ...(hasOddIps ? { ips } : {}),
    ...(hasUuid ? {} : { uid }),
    ...(hasOddRevision ? { revision } : {}),
  };
}

/** True where a number says the text exactly. */
function isPlainNumber(text: string): boolean {
  const { length } = text;
  if (length === 0 || length > 15 || (length > 1 && text.charCodeAt(0) === 48)) return false;
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

function isAddress(ip: PodIp, address: Address): boolean {
  const own = podAddress(ip);
  return own !== null && own.family === address.family && own.value === address.value;
}
