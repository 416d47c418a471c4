import { type ApiMode, type CalicoKind, servedKind } from "../calico/dialect.ts";
import type { ClusterConnection } from "../kube/connection.ts";
import type { ResourceRef } from "../kube/paths.ts";
import { Reflector } from "../kube/reflector.ts";
import { coreLists } from "./core-messages.ts";
import type { Inventory } from "./inventory.ts";
import type { KindSource } from "./kind-states.ts";
import type { Kind } from "./kinds.ts";
import type { Row } from "./table.ts";

interface Feed {
  readonly resource: ResourceRef;
  readonly fieldSelector?: string;
  /** Blocks are large: smaller pages stall the loop less. */
  readonly pageSize?: number;
}

function coreResource(plural: string, namespaced: boolean): ResourceRef {
  return { group: "", version: "v1", plural, namespaced };
}

/** What each kind of Calico is read from. IPAMHandles are not here: one object a pod, listed by whoever asks for them. */
const calicoKinds: Readonly<Partial<Record<Kind, CalicoKind>>> = {
  pools: "IPPool",
  blocks: "IPAMBlock",
  affinities: "BlockAffinity",
  ipamConfig: "IPAMConfiguration",
  reservations: "IPReservation",
  clusterInformation: "ClusterInformation",
  felixConfiguration: "FelixConfiguration",
};

const otherFeeds: Readonly<Partial<Record<Kind, Feed>>> = {
  nodes: { resource: coreResource("nodes", false) },
  namespaces: { resource: coreResource("namespaces", false) },
  pods: { resource: coreResource("pods", true) },
  sandboxFailures: { resource: coreResource("events", true), fieldSelector: "reason=FailedCreatePodSandBox" },
};

function calicoFeeds(mode: ApiMode): [Kind, Feed][] {
  const entries = Object.entries(calicoKinds) as [Kind, CalicoKind][];
  return entries.map(([kind, served]) => {
    const pageSize = kind === "blocks" ? { pageSize: 250 } : {};
    return [kind, { resource: servedKind(mode, served), ...pageSize }];
  });
}

/** Everything that is listed and watched. */
export function feedsOf(mode: ApiMode): readonly (readonly [Kind, Feed])[] {
  return [...(Object.entries(otherFeeds) as [Kind, Feed][]), ...calicoFeeds(mode)];
}

/** How far the first list is, is told this often. */
const PROGRESS_MS = 1_000;

interface Started {
  readonly resource: ResourceRef;
  readonly reflector: Reflector<Row>;
}

/** One reflector a kind. The whole process shares them, whatever the number of viewers. */
export class Feeds {
  private readonly inventory: Inventory;
  private readonly connection: ClusterConnection;
  private readonly onMissing: () => void;
  private readonly others: readonly Started[];
  private calico: readonly Started[] = [];
  private mode: ApiMode | null = null;

  /** Starts those of Kubernetes' own kinds. `onMissing`: a kind of Calico turned out not to be served, or no longer. */
  constructor(inventory: Inventory, connection: ClusterConnection, onMissing: () => void) {
    this.inventory = inventory;
    this.connection = connection;
    this.onMissing = onMissing;
    this.others = this.start(Object.entries(otherFeeds) as [Kind, Feed][]);
  }

  /** Reads Calico's kinds where this mode serves them. What was read elsewhere is forgotten: versions and UIDs do not compare. */
  async read(mode: ApiMode): Promise<void> {
    if (mode === this.mode) return;
    const isSwitch = this.mode !== null;
    this.mode = mode;
    await stopAll(this.calico);
    if (isSwitch) {
      for (const kind of Object.keys(calicoKinds) as Kind[]) this.inventory.replace(kind, []);
      this.inventory.changes.resetAll({ newEpoch: true });
    }
    this.calico = this.start(calicoFeeds(mode));
  }

  /** Asks at once for the kinds that the cluster began or ceased to serve; `changed` has them as `group/plural`. */
  recheck(changed: ReadonlySet<string>): void {
    for (const { resource, reflector } of this.calico) {
      if (changed.has(`${resource.group}/${resource.plural}`)) reflector.resync();
    }
  }

  async stop(): Promise<void> {
    await stopAll([...this.others, ...this.calico]);
  }

  private start(entries: readonly [Kind, Feed][]): Started[] {
    const { inventory, connection, onMissing } = this;
    return entries.map(([kind, feed]) => ({
      resource: feed.resource,
      reflector: startFeed(inventory, connection, kind, feed, onMissing),
    }));
  }
}

async function stopAll(started: readonly Started[]): Promise<void> {
  await Promise.all(started.map(({ reflector }) => reflector.stop()));
}

function startFeed(
  inventory: Inventory,
  connection: ClusterConnection,
  kind: Kind,
  feed: Feed,
  onMissing: () => void,
): Reflector<Row> {
  const { changes, states } = inventory;
  let epoch: number | null = null;
  let wasKnown = false;
  let wasMissing = false;
  let wasStale = false;
  let toldAt = connection.clock.now();
  const look = () => {
    const isKnown = states.knows(kind);
    if (isKnown !== wasKnown) changes.resetAll({ newEpoch: false });
    wasKnown = isKnown;
    const isMissing = reflector.state.status === "notInstalled";
    if (isMissing && !wasMissing) onMissing();
    wasMissing = isMissing;
    // Lost, or back: no list has changed, but what all of them are worth.
    if (states.stale !== wasStale) changes.touch();
    wasStale = states.stale;
  };
  const tellProgress = () => {
    const now = connection.clock.now();
    if (isKnown() || now - toldAt < PROGRESS_MS) return;
    toldAt = now;
    // No list has changed; what viewers are told says how far it is.
    changes.touch();
  };
  const isKnown = () => states.knows(kind);
  const put = (rows: readonly Row[]) => {
    for (const row of rows) inventory.put(kind, row);
  };
  const reflector = new Reflector<Row>({
    ...feed,
    connection,
    protobuf: coreLists[kind],
    project: (raw) => inventory.project(kind, raw),
    // Rows of a kind that is not known yet are shown to nobody, so there is nothing to tell: 150,000 pods would be so much news.
    onPut: (rows) => (isKnown() ? put(rows) : changes.muted(() => put(rows))),
    onRemove: (gone) => {
      for (const { namespace, name } of gone) inventory.remove(kind, namespace, name);
    },
    onListed: (info) => {
      // Versions before and after no longer compare: every viewer starts over.
      if (epoch !== null && epoch !== info.epoch) changes.resetAll({ newEpoch: true });
      epoch = info.epoch;
      look();
    },
    onState: (state) => {
      if (state.status === "starting" && state.total !== null) inventory.expect(kind, state.total);
      look();
      tellProgress();
    },
  });
  inventory.states.set(kind, sourceOf(reflector, feed.resource));
  reflector.start();
  return reflector;
}

/** A spread would copy what the reflector says now; this asks it each time. */
function sourceOf(reflector: Reflector<Row>, resource: ResourceRef): KindSource {
  return {
    resource,
    get state() {
      return reflector.state;
    },
    get synced() {
      return reflector.synced;
    },
    get confirmedAt() {
      return reflector.confirmedAt;
    },
  };
}
