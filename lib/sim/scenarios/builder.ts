import { parseCidr } from "../../ipam/cidr.ts";
import type { Labels, OwnerReference, Taint } from "../kube-objects.ts";
import { kubeTime } from "../kube-objects.ts";
import { IpamWorld } from "./ipam-world.ts";
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
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
}

export interface ScenarioOptions {
  /** Milliseconds since 1970: all ages count back from here. */
  readonly now: number;
  /** What ClusterInformation and the Installation say, "v3.32.1" unless asked otherwise. */
  readonly calicoVersion: string;
}

export interface MetaOptions {
  readonly namespace?: string;
  readonly labels?: Labels;
  readonly annotations?: Labels;
  readonly ageSeconds?: number;
  readonly owner?: OwnerReference;
}

export interface NodeOptions {
  /** Its InternalIP. */
  readonly ip: string;
  /** Of the node's subnet, as Calico records it; 24 unless said. Null: Calico knows no address of this node. */
  readonly prefix?: number | null;
  readonly ipv6?: string;
  readonly labels?: Labels;
  readonly annotations?: Labels;
  readonly taints?: readonly Taint[];
  readonly unschedulable?: boolean;
  readonly ready?: boolean;
  /** How many pods the kubelet takes, 110 unless said. */
  readonly maxPods?: number;
}

interface StoryNode extends NodeOptions {
  readonly annotations: Record<string, string>;
  readonly podCidr?: string;
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

  /** A Calico object of the v1 group. */
  calico(kind: string, name: string, spec: object, options: MetaOptions = {}): RawObject {
    return this.add({
      apiVersion: "crd.projectcalico.org/v1",
      kind,
      metadata: this.meta(name, options),
      spec,
    });
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

function standardLabels(name: string): Labels {
  return { "kubernetes.io/hostname": name, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64" };
}

function nodeAnnotations({ prefix = 24, ip, ipv6, annotations }: NodeOptions): Record<string, string> {
  return {
    ...(prefix === null ? {} : { "projectcalico.org/IPv4Address": `${ip}/${prefix}` }),
    ...(prefix === null || ipv6 === undefined ? {} : { "projectcalico.org/IPv6Address": `${ipv6}/64` }),
    ...annotations,
  };
}

function nodeObject(builder: ClusterBuilder, name: string, node: StoryNode, labels: Labels): RawObject {
  const { ip, ipv6, taints, unschedulable, podCidr, maxPods = 110, ready = true } = node;
  const since = kubeTime(builder.before(builder.ageSeconds));
  const condition = (type: string, status: string, reason: string, message: string) => ({
    type,
    status,
    reason,
    message,
    lastHeartbeatTime: kubeTime(builder.now),
    lastTransitionTime: since,
  });
  const size = { cpu: "16", memory: "65536Mi", pods: String(maxPods), "ephemeral-storage": "200Gi" };
  const spec = {
    ...(podCidr ? { podCIDR: podCidr, podCIDRs: [podCidr] } : {}),
    ...(taints ? { taints } : {}),
    ...(unschedulable ? { unschedulable: true } : {}),
  };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: builder.meta(name, {
      labels,
      annotations: node.annotations,
    }),
    spec,
    status: {
      capacity: size,
      allocatable: size,
      conditions: [
        condition(
          "MemoryPressure",
          "False",
          "KubeletHasSufficientMemory",
          "kubelet has sufficient memory available",
        ),
        condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
        condition("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
        ready
          ? condition("Ready", "True", "KubeletReady", "kubelet is posting ready status")
          : condition("Ready", "Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status."),
      ],
      addresses: [
        { type: "InternalIP", address: ip },
        ...(ipv6 === undefined ? [] : [{ type: "InternalIP", address: ipv6 }]),
        { type: "Hostname", address: name },
      ],
      nodeInfo: {
        architecture: "amd64",
        bootID: builder.random.uuid(),
        containerRuntimeVersion: "containerd://2.1.4",
        kernelVersion: "6.8.0-79-generic",
        kubeProxyVersion: "",
        kubeletVersion: "v1.36.3",
        machineID: builder.random.hex(32),
        operatingSystem: "linux",
        osImage: "Ubuntu 24.04.3 LTS",
        systemUUID: builder.random.uuid(),
      },
    },
  };
}
