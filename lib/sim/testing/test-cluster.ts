import { parseBlock } from "../../calico/parse-block.ts";
import { parseHandle } from "../../calico/parse-handle.ts";
import { formatAddress } from "../../ipam/address.ts";
import { addressAt } from "../../ipam/cidr.ts";
import { systemClock } from "../../kube/clock.ts";
import { type ClusterConnection, openCluster } from "../../kube/connection.ts";
import {
  createObject,
  getObject,
  listAll,
  mergePatch,
  removeObject,
  type RemoveOptions,
} from "../../kube/objects.ts";
import type { ResourceRef } from "../../kube/paths.ts";
import { lossless } from "../agents/ipam-reader.ts";
import { type EmbeddedCluster, type EmbeddedClusterOptions, startEmbeddedCluster } from "../cluster.ts";
import { resources } from "../controllers/resources.ts";
import type { Deployment, EventObject, KubeObject, Node, Pod, ReplicaSet } from "../kube-objects.ts";
import { type CalicoResources, calicoResources, storedIn } from "../storage-mode.ts";
import { Watched } from "./watched.ts";

type Kind = keyof typeof resources | keyof CalicoResources;

/** An embedded cluster with a client beside it that makes objects and waits for what becomes of them. */
export class TestCluster {
  readonly cluster: EmbeddedCluster;
  readonly connection: ClusterConnection;
  readonly pods: Watched<Pod>;
  readonly nodes: Watched<Node>;
  readonly events: Watched<KubeObject & EventObject>;
  readonly sets: Watched<ReplicaSet>;
  readonly deployments: Watched<Deployment>;
  readonly #calico: CalicoResources;

  private constructor(
    cluster: EmbeddedCluster,
    connection: ClusterConnection,
    watched: readonly [
      Watched<Pod>,
      Watched<Node>,
      Watched<KubeObject & EventObject>,
      Watched<ReplicaSet>,
      Watched<Deployment>,
    ],
  ) {
    this.cluster = cluster;
    this.connection = connection;
    this.#calico = calicoResources(storedIn(cluster.api.apiMode));
    [this.pods, this.nodes, this.events, this.sets, this.deployments] = watched;
  }

  static async start(options: EmbeddedClusterOptions = {}): Promise<TestCluster> {
    const cluster = await startEmbeddedCluster({ scenario: "empty", ...options });
    const connection = await openCluster(
      { server: cluster.api.url },
      { clock: options.clock ?? systemClock },
    );
    const watched = await Promise.all([
      Watched.start<Pod>(connection, resources.pods),
      Watched.start<Node>(connection, resources.nodes),
      Watched.start<KubeObject & EventObject>(connection, resources.events),
      Watched.start<ReplicaSet>(connection, resources.replicaSets),
      Watched.start<Deployment>(connection, resources.deployments),
    ]);
    return new TestCluster(cluster, connection, watched);
  }

  async stop(): Promise<void> {
    await Promise.all(
      [this.pods, this.nodes, this.events, this.sets, this.deployments].map((watched) => watched.stop()),
    );
    await this.connection.close();
    await this.cluster.close();
  }

  async node(name: string, spec: object = {}): Promise<void> {
    await createObject(
      this.connection,
      { resource: resources.nodes },
      { apiVersion: "v1", kind: "Node", metadata: { name }, spec },
    );
    await this.nodes.until(`${name} is ready`, (nodes) =>
      nodes.get(name)?.status?.conditions ? true : null,
    );
  }

  async pool(name: string, cidr: string, spec: object = {}): Promise<void> {
    const { pools } = this.#calico;
    const apiVersion = `${pools.group}/${pools.version}`;
    const body = { apiVersion, kind: "IPPool", metadata: { name }, spec: { cidr, ...spec } };
    await createObject(this.connection, { resource: pools }, body);
  }

  async pod(name: string, spec: object, annotations: Readonly<Record<string, string>> = {}): Promise<Pod> {
    const body = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, annotations },
      spec: { containers: [{ name: "main", image: "nginx" }], ...spec },
    };
    return (await createObject(
      this.connection,
      { resource: resources.pods, namespace: "default" },
      body,
    )) as Pod;
  }

  deployment(
    name: string,
    spec: { readonly replicas: number; readonly image?: string; readonly [field: string]: unknown },
  ): object {
    const { image = "nginx:1", ...rest } = spec;
    const labels = { app: name };
    return {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: "main", image }] } },
        ...rest,
      },
    };
  }

  async create(kind: Kind, body: object): Promise<void> {
    await createObject(this.connection, { resource: this.#resource(kind), namespace: "default" }, body);
  }

  async patch(kind: Kind, name: string, patch: object, subresource?: string): Promise<void> {
    await mergePatch(
      this.connection,
      { ...this.#ref(kind, name), ...(subresource ? { subresource } : {}) },
      patch,
    );
  }

  async remove(kind: Kind, name: string, options: RemoveOptions = {}): Promise<void> {
    await removeObject(this.connection, this.#ref(kind, name), options);
  }

  running(name: string): Promise<Pod> {
    return this.pods.until(`${name} runs`, (pods) => {
      const pod = pods.get(name, "default");
      return pod?.status?.phase === "Running" ? pod : null;
    });
  }

  /** The message of the first event with this reason about the object. */
  async event(name: string, reason: string, matching: RegExp = /./): Promise<KubeObject & EventObject> {
    return this.events.until(`${reason} ${matching} of ${name}`, (events) => {
      for (const event of events.values()) {
        if (event.involvedObject.name === name && event.reason === reason && matching.test(event.message))
          return event;
      }
      return null;
    });
  }

  /** Address → the pod or type it is allocated to, from the blocks; read afresh. */
  async allocations(): Promise<Record<string, string>> {
    const { items } = await listAll(this.connection, this.#calico.blocks, { codec: lossless });
    const found: Record<string, string> = {};
    for (const raw of items) {
      const { value: block } = parseBlock(raw);
      block?.allocations.forEach((index, ordinal) => {
        if (index === null) return;
        const owner = block.attributes[index]?.owner ?? {};
        found[formatAddress(addressAt(block.cidr, ordinal))] = owner["pod"] ?? owner["type"] ?? "";
      });
    }
    return found;
  }

  /** Sum of what all handles count. */
  async handleCount(): Promise<number> {
    const { items } = await listAll(this.connection, this.#calico.handles);
    const counts = items.flatMap((raw) => [...(parseHandle(raw).value?.blocks.values() ?? [])]);
    return counts.reduce((a, b) => a + b, 0);
  }

  async get(kind: Kind, name: string): Promise<unknown> {
    return getObject(this.connection, this.#ref(kind, name));
  }

  #resource(kind: Kind): ResourceRef {
    return { ...resources, ...this.#calico }[kind];
  }

  #ref(kind: Kind, name: string) {
    const resource = this.#resource(kind);
    return { resource, name, ...(resource.namespaced ? { namespace: "default" } : {}) };
  }
}
