import { type CalicoKind, typeOf } from "../../calico/dialect.ts";
import { parseCidr } from "../../ipam/cidr.ts";
import type { Labels, OwnerReference } from "../kube-objects.ts";
import { kubeTime } from "../kube-objects.ts";
import { IpamWorld } from "./ipam-world.ts";
import {
  nodeAnnotations,
  nodeObject,
  type NodeOptions,
  standardLabels,
  type StoryNode,
} from "./node-objects.ts";
import type { StorageMode } from "../storage-mode.ts";
import { SeededRandom } from "./seeded-random.ts";

/** An object as the API server stores it; resource versions are given when it is loaded. */
export interface RawObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: RawMeta;
  readonly [field: string]: unknown;
}

export interface RawMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly creationTimestamp: string;
  readonly generation?: number;
  readonly labels?: Labels;
  readonly annotations?: Labels;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly finalizers?: readonly string[];
  readonly managedFields?: unknown;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
}

export interface ScenarioOptions {
  /** Milliseconds since 1970: all ages count back from here. */
  readonly now: number;
  /** What ClusterInformation and the Installation say, "v3.32.1" unless asked otherwise. */
  readonly calicoVersion: string;
  /** The API group in which Calico's objects are written, "crd-v1" unless said. */
  readonly mode?: StorageMode;
  /** Nodes of the scenario `large`, 5,000 unless said: thirty pods and about one and a half blocks each. Others have their own. */
  readonly nodes?: number;
}

export interface MetaOptions {
  readonly namespace?: string;
  readonly labels?: Labels;
  readonly annotations?: Labels;
  readonly ageSeconds?: number;
  readonly owner?: OwnerReference;
  /** The program that wrote the spec; for Calico's kinds. */
  readonly manager?: string;
}

export const day = 86_400;
export const hour = 3_600;

/**
 * Collects the objects of one made-up cluster. Names, uids and everything random come from a seed, so the same
 * scenario at the same time is the same to the byte.
 */
export class ClusterBuilder {
  readonly random: SeededRandom;
  readonly now: number;
  readonly calicoVersion: string;
  readonly mode: StorageMode;
  readonly ipam: IpamWorld;
  /** Age of the cluster: what objects are that say nothing else. */
  readonly ageSeconds: number;
  readonly #objects: RawObject[] = [];
  readonly #times = new Map<number, string>();
  readonly #namespaceLabels = new Map<string, Labels>();
  readonly #nodes = new Map<string, StoryNode>();

  constructor(seed: string, options: ScenarioOptions, ageSeconds = 300 * day) {
    this.random = new SeededRandom(seed);
    this.now = options.now;
    this.calicoVersion = options.calicoVersion;
    this.mode = options.mode ?? "crd-v1";
    this.ageSeconds = ageSeconds;
    this.ipam = new IpamWorld();
  }

  /** Milliseconds since 1970, `seconds` before now. */
  before(seconds: number): number {
    return this.now - seconds * 1000;
  }

  /** The same as text. Most objects of a cluster share a few ages. */
  timeBefore(seconds: number): string {
    const known = this.#times.get(seconds);
    if (known !== undefined) return known;
    const text = kubeTime(this.before(seconds));
    this.#times.set(seconds, text);
    return text;
  }

  meta(name: string, options: MetaOptions = {}): RawMeta {
    const { namespace, labels, annotations, owner, ageSeconds = this.ageSeconds } = options;
    return {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      uid: this.random.uuid(),
      creationTimestamp: this.timeBefore(ageSeconds),
      generation: 1,
      ...(labels ? { labels } : {}),
      ...(annotations ? { annotations } : {}),
      ...(owner ? { ownerReferences: [owner] } : {}),
    };
  }

  add(object: RawObject): RawObject {
    this.#objects.push(object);
    return object;
  }

  namespace(name: string, options: Omit<MetaOptions, "namespace" | "owner"> = {}): RawObject {
    const labels = { "kubernetes.io/metadata.name": name, ...options.labels };
    this.#namespaceLabels.set(name, labels);
    return this.add({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: this.meta(name, { ...options, labels }),
      spec: { finalizers: ["kubernetes"] },
      status: { phase: "Active" },
    });
  }

  calico(kind: CalicoKind, name: string, spec: object, options: MetaOptions = {}): RawObject {
    const type = typeOf(this.mode, kind);
    const metadata = this.meta(name, options);
    const { manager } = options;
    if (manager === undefined) return this.add({ ...type, metadata, spec });
    const written = {
      manager,
      operation: "Update",
      apiVersion: type.apiVersion,
      time: metadata.creationTimestamp,
      fieldsType: "FieldsV1",
      fieldsV1: { "f:spec": Object.fromEntries(Object.keys(spec).map((field) => [`f:${field}`, {}])) },
    };
    return this.add({ ...type, metadata: { ...metadata, managedFields: [written] }, spec });
  }

  /** A pool as Calico's client stores it: what `spec` does not say has its default. */
  pool(
    name: string,
    spec: { readonly cidr: string; readonly [field: string]: unknown },
    options: MetaOptions = {},
  ): void {
    const complete = {
      blockSize: spec.cidr.includes(":") ? 122 : 26,
      ipipMode: "Never",
      vxlanMode: "Never",
      nodeSelector: "all()",
      allowedUses: ["Workload", "Tunnel"],
      assignmentMode: "Automatic",
      ...spec,
    };
    this.ipam.addPool(this.calico("IPPool", name, complete, options));
  }

  /** A pool as it stands now. */
  poolObject(name: string): RawObject {
    const found = this.#objects.find((object) => object.kind === "IPPool" && object.metadata.name === name);
    if (!found) throw new Error(`no pool ${name}`);
    return found;
  }

  /** A pool that was once given out and is changed now; what it gave stays. */
  changePool(name: string, change: (pool: RawObject & { readonly spec?: object }) => RawObject): void {
    const at = this.#objects.findIndex((object) => object.kind === "IPPool" && object.metadata.name === name);
    const pool = this.#objects[at];
    if (!pool) throw new Error(`no pool ${name}`);
    this.#objects[at] = change(pool);
  }

  reservation(name: string, reservedCIDRs: readonly string[], options: MetaOptions = {}): void {
    this.calico("IPReservation", name, { reservedCIDRs }, options);
    this.ipam.addReservation({ name, cidrs: reservedCIDRs.map((text) => parseCidr(text).cidr) });
  }

  node(name: string, options: NodeOptions): void {
    this.#nodes.set(name, { ...options, annotations: nodeAnnotations(options) });
  }

  /** A node object by itself, for clusters too large to be collected here. */
  nodeObject(name: string, options: NodeOptions): RawObject {
    const labels = { ...standardLabels(name), ...options.labels };
    return nodeObject(this, name, { ...options, annotations: nodeAnnotations(options) }, labels);
  }

  /** What Kubernetes itself gave the node for pods; host-local uses it, Calico IPAM does not. */
  setPodCidr(name: string, podCidr: string): void {
    const node = this.#nodes.get(name);
    if (node) this.#nodes.set(name, { ...node, podCidr });
  }

  namespaceLabels(name: string): Labels {
    return this.#namespaceLabels.get(name) ?? {};
  }

  get nodeNames(): string[] {
    return [...this.#nodes.keys()];
  }

  nodeIp(name: string): string {
    return this.#nodes.get(name)?.ip ?? "";
  }

  nodeLabels(name: string): Labels {
    return { ...standardLabels(name), ...this.#nodes.get(name)?.labels };
  }

  labelNode(name: string, labels: Labels): void {
    const node = this.#nodes.get(name);
    if (node) this.#nodes.set(name, { ...node, labels: { ...node.labels, ...labels } });
  }

  annotateNode(name: string, key: string, value: string): void {
    const node = this.#nodes.get(name);
    if (node) node.annotations[key] = value;
  }

  /** Everything, in the order in which it was added; nodes and addresses last. */
  *objects(): Iterable<RawObject> {
    yield* this.#objects;
    for (const [name, node] of this.#nodes) yield nodeObject(this, name, node, this.nodeLabels(name));
    yield* this.ipam.objects(this);
  }
}
