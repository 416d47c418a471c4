import { toRawAffinity, toRawBlock, toRawHandle } from "../../calico/to-raw.ts";
import type { RawMetadata } from "../../calico/raw.ts";
import { formatAddress } from "../../ipam/address.ts";
import type { Attribute, Block } from "../../ipam/block.ts";
import { addressAt, type Cidr, formatCidr, parseCidr } from "../../ipam/cidr.ts";
import { formatGoTime } from "../../ipam/go-time.ts";
import { runningStatus } from "../agents/pod-status.ts";
import { podTemplateHash, randomSuffix, templateHashLabel } from "../controllers/pod-names.ts";
import { kubeTime } from "../kube-objects.ts";
import { ClusterBuilder, day, type RawObject, type ScenarioOptions } from "./builder.ts";
import { addCalicoInstall } from "./calico-install.ts";
import { ownedBy, templateOf } from "./pods.ts";
import { settledConditions } from "./workloads.ts";

export interface LargeOptions extends ScenarioOptions {
  readonly pods?: number;
  readonly blocks?: number;
}

const poolCidr = parseCidr("10.128.0.0/12").cidr;
const namespaces = 300;
const podsPerDeployment = 30;

/**
 * A cluster at Kubernetes' own limits, as Calico and kubelets would have left it. Made one object at a time: nothing is
 * kept, so 150,000 pods can be written to a file or a store without ever standing in memory together.
 */
export function* large(options: LargeOptions): Generator<RawObject> {
  const { nodes = 5_000, pods = nodes * 30, blocks = Math.round(nodes * 1.56) } = options;
  const builder = new ClusterBuilder("large", options, 200 * day);
  addCalicoInstall(builder);
  builder.pool("big", { cidr: formatCidr(poolCidr), vxlanMode: "CrossSubnet", natOutgoing: true });
  builder.pool("small", { cidr: "10.64.0.0/18", ipipMode: "Always", natOutgoing: true, disabled: true });
  builder.reservation("gateways", ["10.128.0.0/28", "10.130.0.0/22"]);
  for (let index = 0; index < namespaces; index++) builder.namespace(namespaceName(index));
  yield* builder.objects();
  const work = new Workloads(builder, pods);
  yield* work.deployments();
  // Every block lies somewhere else in the pool; 257 shares no factor with the number of blocks there.
  let slot = 4_096;
  for (let index = 0; index < nodes; index++) {
    const name = `node-${String(index).padStart(4, "0")}.eu-central-1.compute.internal`;
    const ip = `172.16.${index >> 8}.${index & 255}`;
    const share = (total: number) =>
      Math.floor(((index + 1) * total) / nodes) - Math.floor((index * total) / nodes);
    const [podsHere, blocksHere] = [share(pods), Math.max(1, share(blocks))];
    let left = podsHere + 1;
    for (let number = 0; number < blocksHere; number++) {
      slot = (slot + 257) % 16_384;
      const cidr: Cidr = { family: 4, base: poolCidr.base + BigInt(slot) * 64n, prefix: 26 };
      const take = Math.min(left, number === blocksHere - 1 ? 64 : 20 + builder.random.below(20));
      left -= take;
      if (number === 0) yield nodeWithTunnel(builder, name, ip, formatAddress(addressAt(cidr, 0)));
      yield* work.blockWithPods(cidr, name, ip, take, number === 0);
    }
  }
}

function namespaceName(index: number): string {
  return `team-${String(index).padStart(3, "0")}`;
}

function nodeWithTunnel(builder: ClusterBuilder, name: string, ip: string, tunnel: string): RawObject {
  const zone = `eu-central-1${"abc"[builder.random.below(3)]}`;
  return builder.nodeObject(name, {
    ip,
    prefix: 12,
    maxPods: 250,
    labels: { "node-role.kubernetes.io/worker": "", "topology.kubernetes.io/zone": zone },
    annotations: { "projectcalico.org/IPv4VXLANTunnelAddr": tunnel },
  });
}

/** Deployments of thirty pods each, filled in the order in which their pods are placed. */
class Workloads {
  readonly #builder: ClusterBuilder;
  readonly #pods: number;
  readonly #sets: { readonly set: RawObject; readonly template: ReturnType<typeof templateOf> }[] = [];
  #placed = 0;

  constructor(builder: ClusterBuilder, pods: number) {
    this.#builder = builder;
    this.#pods = pods;
  }

  *deployments(): Generator<RawObject> {
    const count = Math.ceil(this.#pods / podsPerDeployment);
    for (let index = 0; index < count; index++) {
      const replicas = Math.min(podsPerDeployment, this.#pods - index * podsPerDeployment);
      yield* this.#deployment(index, replicas);
    }
  }

  *#deployment(index: number, replicas: number): Generator<RawObject> {
    const builder = this.#builder;
    const namespace = namespaceName(index % namespaces);
    const name = `app-${String(index).padStart(4, "0")}`;
    const template = templateOf({
      name,
      image: `registry.example/${name}:1.${index % 10}`,
      port: 8080,
      requests: { cpu: "100m", memory: "128Mi" },
    });
    const hash = podTemplateHash(template);
    const labels = { ...template.metadata?.labels, [templateHashLabel]: hash };
    const setTemplate = { ...template, metadata: { labels } };
    const annotations = { "deployment.kubernetes.io/revision": "1" };
    const counts = { replicas, readyReplicas: replicas, availableReplicas: replicas, observedGeneration: 1 };
    const deployment: RawObject = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: builder.meta(name, { namespace, labels: template.metadata?.labels ?? {}, annotations }),
      spec: { replicas, selector: { matchLabels: template.metadata?.labels }, template },
      status: {
        ...counts,
        updatedReplicas: replicas,
        conditions: settledConditions(builder, `${name}-${hash}`),
      },
    };
    const set: RawObject = {
      apiVersion: "apps/v1",
      kind: "ReplicaSet",
      metadata: builder.meta(`${name}-${hash}`, {
        namespace,
        labels,
        annotations,
        owner: ownedBy(deployment),
      }),
      spec: { replicas, selector: { matchLabels: labels }, template: setTemplate },
      status: { ...counts, fullyLabeledReplicas: replicas },
    };
    this.#sets.push({ set, template: setTemplate });
    yield deployment;
    yield set;
  }

  /** A block with its claim, `count` addresses in use (the first a tunnel's where `tunnel`), and their handles and pods. */
  *blockWithPods(
    cidr: Cidr,
    node: string,
    nodeIp: string,
    count: number,
    tunnel: boolean,
  ): Generator<RawObject> {
    const builder = this.#builder;
    const claimed = builder.before((10 + builder.random.below(180)) * day);
    const attributes: Attribute[] = [];
    const later: RawObject[] = [];
    for (let ordinal = 0; ordinal < count; ordinal++) {
      const isTunnel = tunnel && ordinal === 0;
      const sandbox = builder.random.hex(64);
      const handle = isTunnel ? `vxlan-tunnel-addr-${node}` : `k8s-pod-network.${sandbox}`;
      const pod = isTunnel ? null : this.#pod(node, nodeIp, formatAddress(addressAt(cidr, ordinal)), sandbox);
      const owner: Record<string, string> = pod
        ? {
            namespace: pod.metadata.namespace ?? "",
            node,
            pod: pod.metadata.name,
            timestamp: formatGoTime(BigInt(claimed) * 1_000_000n + BigInt(ordinal)),
          }
        : { node, type: "vxlanTunnelAddress" };
      attributes.push({ handle, owner, alternateOwner: null, releasedAt: null });
      if (pod) later.push(pod);
      const blocks = new Map([[formatCidr(cidr), 1]]);
      later.push(this.#stored(toRawHandle({ id: handle, blocks, deleted: false, revision: null })));
    }
    const ordinals = Array.from({ length: 64 }, (_, ordinal) => ordinal);
    const first = BigInt(claimed) * 1_000_000n;
    const owner = { type: "host" as const, name: node };
    const block: Block = {
      cidr,
      affinity: owner,
      claimedAt: kubeTime(claimed),
      allocations: ordinals.map((ordinal) => (ordinal < count ? ordinal : null)),
      queue: ordinals.slice(count),
      attributes,
      sequenceNumber: first + BigInt(count),
      sequenceForAllocation: new Map(
        ordinals.slice(0, count).map((ordinal) => [ordinal, first + BigInt(ordinal)]),
      ),
      deleted: false,
      revision: null,
    };
    yield this.#stored(toRawBlock(block));
    yield this.#stored(toRawAffinity({ owner, cidr, state: "confirmed", deleted: false, revision: null }));
    yield* later;
  }

  #pod(node: string, nodeIp: string, ip: string, sandbox: string): RawObject {
    const builder = this.#builder;
    const entry = this.#sets[Math.floor(this.#placed / podsPerDeployment)];
    this.#placed += 1;
    if (!entry) throw new Error("more pods than the deployments have");
    const { set, template } = entry;
    const metadata = builder.meta(`${set.metadata.name}-${randomSuffix(5, () => builder.random.next())}`, {
      namespace: set.metadata.namespace ?? "",
      labels: template.metadata?.labels ?? {},
      annotations: {
        "cni.projectcalico.org/containerID": sandbox,
        "cni.projectcalico.org/podIP": `${ip}/32`,
        "cni.projectcalico.org/podIPs": `${ip}/32`,
      },
      owner: ownedBy(set),
    });
    const pod = { apiVersion: "v1", kind: "Pod", metadata, spec: { ...template.spec, nodeName: node } };
    const situation = {
      pod: { ...pod, metadata: { ...metadata, resourceVersion: "" } },
      hostIp: nodeIp,
      now: builder.before(builder.ageSeconds),
    };
    return { ...pod, status: { ...runningStatus(situation, [ip], () => sandbox), qosClass: "Burstable" } };
  }

  #stored(raw: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata: RawMetadata;
  }): RawObject {
    return { ...raw, metadata: { ...this.#builder.meta(raw.metadata.name), ...raw.metadata } };
  }
}
