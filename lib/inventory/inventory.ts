import type { RawRecord } from "../calico/reading.ts";
import type { Clock } from "../kube/clock.ts";
import { systemClock } from "../kube/clock.ts";
import type { ClusterConnection } from "../kube/connection.ts";
import { MOST_EXPECTED } from "../kube/reflector-list.ts";
import { AddressSpace } from "./address-space.ts";
import { affinityRow, reservationRow } from "./affinity-row.ts";
import { blockRow } from "./block-row.ts";
import { Changes } from "./changes.ts";
import type { Detection } from "./discover.ts";
import { Interner } from "./interner.ts";
import type { Kind } from "./kinds.ts";
import { KindStates } from "./kind-states.ts";
import { namespaceRow } from "./namespace-row.ts";
import type { NamespaceRow } from "./namespace-row.ts";
import { NodeBook } from "./node-book.ts";
import { nodeRow } from "./node-row.ts";
import { PodBook } from "./pod-book.ts";
import { podRow } from "./pod-row.ts";
import { poolRow } from "./pool-row.ts";
import { sandboxFailure } from "./sandbox-failure.ts";
import { Settings, type Shelved } from "./settings.ts";
import { isSameVersion, type Keeper, type Row, Table } from "./table.ts";
import { isUnreadable, type UnreadableRow } from "./unreadable.ts";

/** How the rows of one kind are made, stored and forgotten. */
interface Shelf {
  /** Null: of no interest, as good as absent. */
  project(raw: RawRecord): Row | null;
  put(row: Row): void;
  remove(namespace: string, name: string): void;
  rows(): Iterable<Row>;
  holds(row: Row): boolean;
  keeper(): Keeper<Row>;
}

export type Phase =
  | {
      readonly status: "starting";
      readonly progress: string;
      /** Why the cluster cannot be looked at; null: nothing is in the way. */
      readonly trouble: string | null;
    }
  | { readonly status: "stopped"; readonly reason: string }
  | { readonly status: "ready" };

/** Somebody who is told of everything that an inventory takes in. */
interface Follower {
  put(kind: Kind, row: Row): void;
  remove(kind: Kind, namespace: string, name: string): void;
  /** What the cluster turned out to be, or why it cannot be looked at. */
  looked(): void;
}

/** An inventory for those who may not list some kinds: fed by another one, with which it shares all that reading costs. */
export interface Share {
  readonly of: Inventory;
  readonly withheld: ReadonlySet<Kind>;
  /** Of its versions; no two inventories of a process may have the same. */
  readonly epoch: number;
}

/**
 * The live picture of one cluster: slim rows of every kind, joined and summed up, with a versioned change feed.
 * Reflectors (or tests) feed it through `project`, `replace`, `put` and `remove`; use cases only read.
 */
export class Inventory {
  /** Null in tests, which feed it by hand. */
  readonly connection: ClusterConnection | null;
  readonly readOnly: boolean;
  readonly clock: Clock;
  readonly interner: Interner;
  readonly changes: Changes;
  readonly states: KindStates;
  readonly space: AddressSpace;
  readonly nodes: NodeBook;
  readonly namespaces = new Table<NamespaceRow>();
  readonly pods: PodBook;
  readonly settings: Settings;
  readonly followers = new Set<Follower>();
  private found: Detection | null = null;
  private trouble: string | null = null;
  private readonly unreadableRows = new Map<Kind, Map<string, UnreadableRow>>();
  private readonly shelves: Readonly<Record<Kind, Shelf>>;

  constructor(
    connection: ClusterConnection | null,
    options: { readOnly?: boolean; clock?: Clock; share?: Share } = {},
  ) {
    const { share } = options;
    this.connection = connection;
    this.readOnly = options.readOnly ?? false;
    this.clock = options.clock ?? systemClock;
    this.interner = share?.of.interner ?? new Interner();
    this.changes = new Changes(this.clock, share?.epoch);
    this.states = new KindStates(() => this.clock.now(), share?.of.states, share?.withheld);
    this.space = new AddressSpace(this.changes, this.interner);
    this.nodes = new NodeBook(this.changes, this.space);
    this.pods = new PodBook(this.changes, this.clock, this.space, this.interner);
    this.settings = new Settings(this.changes);
    this.shelves = this.makeShelves();
  }

  get version(): string {
    return this.changes.version;
  }

  get stale(): boolean {
    return this.states.stale;
  }

  get phase(): Phase {
    if (!this.detection) {
      return {
        status: "starting",
        progress: `looking at the cluster${this.trouble ? ` (${this.trouble})` : ""}`,
        trouble: this.trouble,
      };
    }
    if (!this.detection.detected)
      return {
        status: "stopped",
        reason: this.detection.stopReason ?? "This cluster does not use Calico IPAM.",
      };
    if (!this.states.settled)
      return { status: "starting", progress: `reading ${this.states.progress}`, trouble: null };
    return { status: "ready" };
  }

  /** What the cluster turned out to be; null until it has been looked at. */
  get detection(): Detection | null {
    return this.found;
  }

  setDetection(detection: Detection): void {
    const before = this.found;
    this.found = detection;
    this.trouble = null;
    if (JSON.stringify(before) !== JSON.stringify(detection)) this.changes.resetAll({ newEpoch: false });
    for (const follower of this.followers) follower.looked();
  }

  /** Why the cluster cannot be looked at; told for as long as it never could be. */
  setTrouble(reason: string): void {
    this.trouble = reason;
    for (const follower of this.followers) follower.looked();
  }

  /** Objects of a kind, without those whose very subject cannot be read. Each is the one of now, however long one takes over them. */
  rowsOf(kind: Kind): Iterable<Row> {
    return this.shelves[kind].rows();
  }

  /** How old the data is, in milliseconds: since when the slowest of its kinds is not known to be right. */
  ageMs(): number {
    return this.states.ageMs;
  }

  /** Objects of a kind whose very subject cannot be read. */
  unreadable(kind: Kind): readonly UnreadableRow[] {
    return [...(this.unreadableRows.get(kind)?.values() ?? [])];
  }

  /** So many objects of the kind are to come, as the API server says. */
  expect(kind: Kind, count: number): void {
    if (kind === "pods") this.pods.table.reserve(Math.min(count, MOST_EXPECTED));
  }

  /** Reduces a raw object to its row; the raw object is not kept. Null: of no interest. Never throws. */
  project(kind: Kind, raw: unknown): Row | null {
    return this.shelves[kind].project(typeof raw === "object" && raw !== null ? (raw as RawRecord) : {});
  }

  put(kind: Kind, row: Row): void {
    for (const follower of this.followers) follower.put(kind, row);
    if (!isUnreadable(row)) {
      this.forgetUnreadable(kind, row.name);
      this.shelves[kind].put(row);
      return;
    }
    const rows = this.unreadableRows.get(kind) ?? new Map<string, UnreadableRow>();
    this.unreadableRows.set(kind, rows.set(row.name, row));
    this.shelves[kind].remove(row.namespace, row.name);
    this.changes.touch("addresses");
  }

  remove(kind: Kind, namespace: string, name: string): void {
    for (const follower of this.followers) follower.remove(kind, namespace, name);
    this.forgetUnreadable(kind, name);
    this.shelves[kind].remove(namespace, name);
  }

  /** The whole contents of a kind. What did not change is left alone, so a relist of an unchanged cluster is no news. */
  replace(kind: Kind, rows: readonly Row[]): void {
    const stand = this.shelves[kind];
    const keeper = stand.keeper();
    const unreadable = new Set<string>();
    for (const row of rows) {
      if (isUnreadable(row)) unreadable.add(row.name);
      const known = this.unreadableRows.get(kind)?.get(row.name);
      if (!stand.holds(row) && !(known && isSameVersion(known, row))) this.put(kind, row);
      keeper.keep(row);
    }
    for (const row of keeper.rest()) this.remove(kind, row.namespace, row.name);
    for (const { namespace, name } of this.unreadable(kind)) {
      if (!unreadable.has(name)) this.remove(kind, namespace, name);
    }
  }

  private forgetUnreadable(kind: Kind, name: string): void {
    if (this.unreadableRows.get(kind)?.delete(name)) this.changes.touch("addresses");
  }

  private makeShelves(): Record<Kind, Shelf> {
    const { space, interner, settings, changes } = this;
    return {
      pools: shelf({
        project: poolRow,
        put: (row) => {
          this.nodes.watchSelector(
            space.pools.get("", row.name)?.pool.nodeSelector ?? null,
            row.pool.nodeSelector,
          );
          space.putPool(row);
        },
        remove: (_, name) => {
          this.nodes.watchSelector(space.pools.get("", name)?.pool.nodeSelector ?? null, null);
          space.removePool(name);
        },
        table: space.pools,
      }),
      blocks: shelf({
        project: (raw) => blockRow(raw, interner),
        put: (row) => space.putBlock(row),
        remove: (_, name) => space.removeBlock(name),
        table: space.blocks,
      }),
      affinities: shelf({
        project: affinityRow,
        put: (row) => space.putAffinity(row),
        remove: (_, name) => space.removeAffinity(name),
        table: space.affinities,
      }),
      reservations: shelf({
        project: reservationRow,
        put: (row) => space.putReservation(row),
        remove: (_, name) => space.removeReservation(name),
        table: space.reservations,
      }),
      nodes: shelf({
        project: nodeRow,
        put: (row) => this.nodes.put(row),
        remove: (_, name) => this.nodes.remove(name),
        table: this.nodes.table,
      }),
      namespaces: shelf({
        project: namespaceRow,
        put: (row) => {
          this.namespaces.put(row);
          changes.touch("namespaces");
        },
        remove: (_, name) => {
          if (this.namespaces.remove("", name)) changes.touch("namespaces");
        },
        table: this.namespaces,
      }),
      pods: shelf({
        project: (raw) => podRow(raw, interner),
        put: (row) => this.pods.put(row),
        remove: (namespace, name) => this.pods.remove(namespace, name),
        table: this.pods.table,
      }),
      sandboxFailures: shelf({
        project: sandboxFailure,
        put: (row) => this.pods.putFailure(row),
        remove: (namespace, name) => this.pods.removeFailure(namespace, name),
        table: this.pods.failures,
      }),
      ...settings.shelves(shelf),
    };
  }
}

/** The one place where a kind's rows, which are told apart by the kind alone, get their type back. */
function shelf<R extends Row>(typed: Shelved<R>): Shelf {
  const { table } = typed;
  return {
    ...typed,
    put: (row) => typed.put(row as R),
    rows: () => table,
    holds: (row) => table.holds(row),
    keeper: () => table.keeper() as Keeper<Row>,
  };
}
