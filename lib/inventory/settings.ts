import { parseConfig } from "../calico/parse-config.ts";
import { type RawRecord, record, text } from "../calico/reading.ts";
import type { IpamConfig } from "../ipam/snapshot.ts";
import type { Changes } from "./changes.ts";
import { identity } from "./raw.ts";
import { type Row, type Rows, Table } from "./table.ts";
import { unreadable, type UnreadableRow } from "./unreadable.ts";

export interface IpamConfigRow extends Row {
  readonly config: IpamConfig;
  readonly oddities: readonly string[];
}

export interface ClusterInformationRow extends Row {
  readonly calicoVersion: string | null;
  /** Null: not said. False: every CNI call fails. */
  readonly datastoreReady: boolean | null;
}

/** A FelixConfiguration: `default`, or `node.<name>` for one node. Its spec is small and kept whole. */
export interface FelixRow extends Row {
  readonly spec: RawRecord;
}

/** The objects that say how Calico works here. */
export class Settings {
  readonly ipamConfigs = new Table<IpamConfigRow>();
  readonly clusterInformations = new Table<ClusterInformationRow>();
  readonly felix = new Table<FelixRow>();
  private readonly changes: Changes;

  constructor(changes: Changes) {
    this.changes = changes;
  }

  /** Null: the object is absent, so Calico's defaults apply. */
  get ipamConfig(): IpamConfig | null {
    return this.ipamConfigs.get("", "default")?.config ?? null;
  }

  get clusterInformation(): ClusterInformationRow | null {
    return this.clusterInformations.get("", "default");
  }

  /** How `Inventory` makes, stores and forgets each kind. */
  shelves<Shelf>(shelf: <R extends Row>(typed: Shelved<R>) => Shelf) {
    const touchAll = () => this.changes.touch("nodes", "namespaces", "pods", "addresses");
    return {
      ipamConfig: shelf(shelved(this.ipamConfigs, ipamConfigRow, touchAll)),
      clusterInformation: shelf(shelved(this.clusterInformations, clusterInformationRow, touchAll)),
      felixConfiguration: shelf(shelved(this.felix, felixRow, touchAll)),
    };
  }
}

/** How the rows of one kind are made, stored and forgotten, while their type is known. */
export interface Shelved<R extends Row> {
  project: (raw: RawRecord) => R | UnreadableRow | null;
  put: (row: R) => void;
  remove: (namespace: string, name: string) => void;
  table: Rows<R>;
}

function shelved<R extends Row>(
  table: Table<R>,
  project: Shelved<R>["project"],
  changed: () => void,
): Shelved<R> {
  return {
    project,
    put: (row) => {
      table.put(row);
      changed();
    },
    remove: (namespace, name) => {
      if (table.remove(namespace, name)) changed();
    },
    table,
  };
}

function ipamConfigRow(raw: RawRecord): IpamConfigRow | UnreadableRow | null {
  const known = identity(raw);
  if (!known) return null;
  const { value, oddities } = parseConfig(raw);
  return value
    ? { ...known, namespace: "", config: value, oddities, gone: false }
    : unreadable(known, oddities);
}

function clusterInformationRow(raw: RawRecord): ClusterInformationRow | null {
  const known = identity(raw);
  if (!known) return null;
  const spec = record(raw.spec);
  const ready = spec.datastoreReady;
  return {
    ...known,
    namespace: "",
    calicoVersion: text(spec.calicoVersion),
    datastoreReady: typeof ready === "boolean" ? ready : null,
    gone: false,
  };
}

function felixRow(raw: RawRecord): FelixRow | null {
  const known = identity(raw);
  return known && { ...known, namespace: "", spec: record(raw.spec), gone: false };
}
