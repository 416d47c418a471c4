import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type RawRecord, record } from "../calico/reading.ts";
import type { Clock } from "../kube/clock.ts";
import type { Detection } from "./discover.ts";
import { Inventory } from "./inventory.ts";
import { type Kind, kinds } from "./kinds.ts";

/** For tests of whatever reads an inventory: one that is fed by hand, with no cluster behind it. */

/** A clock that moves only when told. */
export interface HandClock extends Clock {
  pass(milliseconds: number): void;
}

export function handClock(): HandClock {
  let now = Date.parse("2026-08-22T13:00:00Z");
  let timers: { at: number; task: () => void }[] = [];
  return {
    now: () => now,
    after: (ms, task) => {
      const timer = { at: now + ms, task };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
    pass: (milliseconds) => {
      now += milliseconds;
      const due = timers.filter((one) => one.at <= now);
      timers = timers.filter((one) => one.at > now);
      for (const timer of due) timer.task();
    },
  };
}

const calico: Detection = {
  detected: true,
  stopReason: null,
  cniPools: { 4: [], 6: [], assignIpv4: true, assignIpv6: false },
  kubernetesVersion: "v1.36.3",
  cni: "Calico",
  ipam: "Calico",
  version: "v3.33.0",
  apiMode: "crd-v1",
  detectedBy: "a test",
  served: [],
};

const resource = { group: "", version: "v1", plural: "tests", namespaced: false };

/** Raw objects by kind. A kind that is left out is empty, and known to be. */
export type RawCluster = Partial<Record<Kind, readonly unknown[]>>;

export function inventoryOf(cluster: RawCluster, options: { clock?: Clock } = {}): Inventory {
  const inventory = new Inventory(null, { clock: options.clock ?? handClock() });
  inventory.setDetection(calico);
  for (const kind of kinds) {
    feed(inventory, kind, cluster[kind] ?? []);
    inventory.states.set(kind, {
      resource,
      state: { status: "live" },
      synced: true,
      confirmedAt: inventory.clock.now(),
    });
  }
  return inventory;
}

/** Replaces all objects of a kind. */
function feed(inventory: Inventory, kind: Kind, objects: readonly unknown[]): void {
  inventory.replace(
    kind,
    objects.flatMap((raw) => inventory.project(kind, raw) ?? []),
  );
}

/** One watch event, as a reflector passes it on. */
export function event(
  inventory: Inventory,
  kind: Kind,
  type: "ADDED" | "MODIFIED" | "DELETED",
  raw: unknown,
): void {
  const row = inventory.project(kind, raw);
  const metadata = record(record(raw).metadata);
  if (row && type !== "DELETED") inventory.put(kind, row);
  else inventory.remove(kind, String(metadata.namespace ?? ""), String(metadata.name));
}

/** Takes the right to read a kind away. */
export function forbid(inventory: Inventory, kind: Kind, of: { group: string; plural: string }): void {
  const state = { status: "forbidden", since: inventory.clock.now(), message: "forbidden" } as const;
  const source = { resource: { ...resource, ...of }, state, synced: false, confirmedAt: null };
  inventory.states.set(kind, source);
}

let revision = 1000;

/** An object of Calico's v1 group as the API server returns it. */
export function calicoObject(
  kind: string,
  name: string,
  spec: RawRecord,
  metadata: RawRecord = {},
): RawRecord {
  revision += 1;
  return {
    apiVersion: "crd.projectcalico.org/v1",
    kind,
    metadata: {
      name,
      uid: `uid-${kind}-${name}`,
      resourceVersion: String(revision),
      creationTimestamp: "2026-08-22T11:58:40Z",
      ...metadata,
    },
    spec,
  };
}

export interface Checkpoint {
  readonly cluster: RawCluster;
  /** Printed texts by name: `show`, `showBlocks`, …, of ≥ 3.33, and of v3.32. */
  readonly printed: RawRecord;
  readonly printed332: RawRecord;
}

/** The checkpoints of a recording as raw objects, with the tables that Calico's own programs printed of them. */
export function checkpointsOf(recording: string): readonly Checkpoint[] {
  const file = join(import.meta.dirname, "..", "recordings", `${recording}.json`);
  const { steps } = JSON.parse(readFileSync(file, "utf8")) as { steps: readonly RawRecord[] };
  const nodes = steps.filter((step) => step.op === "node");
  return steps
    .filter((step) => step.op === "checkpoint")
    .map((step) => {
      const objects = record(step.objects);
      const of = (key: string, kind: string) =>
        ((objects[key] ?? []) as readonly RawRecord[]).map((one) =>
          calicoObject(kind, String(one.name), sequenced(kind, record(one.spec)), { labels: one.labels }),
        );
      return {
        cluster: {
          pools: of("pools", "IPPool"),
          blocks: of("blocks", "IPAMBlock"),
          affinities: of("affinities", "BlockAffinity"),
          reservations: of("reservations", "IPReservation"),
          ipamConfig: of("config", "IPAMConfig"),
          nodes: nodes.map((node) => nodeObject(String(node.name), record(node.labels))),
        },
        printed: step,
        printed332: record(step["v3.32"]),
      };
    });
}

/** Recordings leave out the sequence numbers, which differ on every run. */
function sequenced(kind: string, spec: RawRecord): RawRecord {
  return kind === "IPAMBlock" ? { ...spec, sequenceNumber: 1, sequenceNumberForAllocation: {} } : spec;
}

export function nodeObject(name: string, labels: RawRecord = {}, annotations: RawRecord = {}): RawRecord {
  revision += 1;
  return {
    metadata: { name, uid: `uid-node-${name}`, resourceVersion: String(revision), labels, annotations },
    spec: {},
    status: {
      conditions: [{ type: "Ready", status: "True" }],
      addresses: [
        { type: "InternalIP", address: "172.18.0.2" },
        { type: "Hostname", address: name },
      ],
    },
  };
}

/** A pod on a node, running with these addresses unless said otherwise. */
export function podObject(
  name: string,
  {
    ips = [],
    node = "n1",
    phase = ips.length > 0 ? "Running" : "Pending",
    annotations = {},
    metadata = {},
    spec = {},
    status = {},
  }: {
    readonly ips?: readonly string[];
    readonly node?: string | null;
    readonly phase?: string;
    readonly annotations?: RawRecord;
    readonly metadata?: RawRecord;
    readonly spec?: RawRecord;
    readonly status?: RawRecord;
  } = {},
): RawRecord {
  revision += 1;
  const [namespace = "", own = ""] = name.split("/");
  return {
    metadata: {
      namespace,
      name: own,
      uid: `uid-pod-${name}`,
      resourceVersion: String(revision),
      creationTimestamp: "2026-08-22T12:00:30Z",
      annotations,
      ...metadata,
    },
    spec: { ...(node === null ? {} : { nodeName: node }), ...spec },
    status: { phase, podIP: ips[0], podIPs: ips.map((ip) => ({ ip })), ...status },
  };
}

export function namespaceObject(
  name: string,
  annotations: RawRecord = {},
  labels: RawRecord = {},
): RawRecord {
  revision += 1;
  return {
    metadata: { name, uid: `uid-namespace-${name}`, resourceVersion: String(revision), annotations, labels },
  };
}

/** The kubelet's event for a pod whose network could not be set up, with Calico's words in it. */
export function sandboxEvent(
  pod: string,
  words: string,
  { at = "2026-08-22T12:59:00Z", uid = `uid-pod-${pod}` } = {},
): RawRecord {
  revision += 1;
  const [namespace = "", name = ""] = pod.split("/");
  const message = `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "bdcc34a8": plugin type="calico" failed (add): ${words}`;
  return {
    metadata: {
      namespace,
      name: `${name}.${revision}`,
      uid: `uid-event-${revision}`,
      resourceVersion: String(revision),
    },
    involvedObject: { kind: "Pod", namespace, name, uid },
    reason: "FailedCreatePodSandBox",
    type: "Warning",
    message,
    lastTimestamp: at,
  };
}

export interface Holder {
  readonly pod?: string;
  readonly node?: string;
  readonly type?: string;
  readonly handle?: string;
  readonly since?: string;
  readonly releasedAt?: string;
}

/** A block whose first addresses are held as listed, the rest free in order. */
export function blockObject(
  cidr: string,
  {
    node,
    holders = [],
    free,
  }: { readonly node?: string; readonly holders?: readonly Holder[]; readonly free?: readonly number[] },
): RawRecord {
  const [, prefix = ""] = cidr.split("/");
  const ordinals = Array.from(
    { length: 2 ** ((cidr.includes(":") ? 128 : 32) - Number(prefix)) },
    (_, ordinal) => ordinal,
  );
  return calicoObject("IPAMBlock", cidr.replaceAll(/[.:/]/g, "-"), {
    cidr,
    ...(node === undefined ? {} : { affinity: `host:${node}` }),
    allocations: ordinals.map((ordinal) => (ordinal < holders.length ? ordinal : null)),
    unallocated: free ?? ordinals.slice(holders.length),
    attributes: holders.map(attributeOf),
    sequenceNumber: 1,
    deleted: false,
  });
}

function attributeOf({ pod, node, type, handle = "h", since, releasedAt }: Holder): RawRecord {
  if (releasedAt !== undefined) return { releasedAt };
  const [namespace, name] = pod?.split("/") ?? [];
  const owner = { namespace, pod: name, node, type, timestamp: since };
  return {
    handle_id: handle,
    secondary: Object.fromEntries(Object.entries(owner).filter(([, value]) => value !== undefined)),
  };
}

export function poolObject(name: string, cidr: string, spec: RawRecord = {}): RawRecord {
  return calicoObject("IPPool", name, { cidr, ...spec });
}

export function affinityObject(node: string, cidr: string, state = "confirmed"): RawRecord {
  return calicoObject("BlockAffinity", `${node}-${cidr.replaceAll(/[.:/]/g, "-")}`, {
    node,
    cidr,
    state,
    deleted: "false",
  });
}
