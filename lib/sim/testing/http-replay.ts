import type { Comparison } from "../../recordings/compare.ts";
import type { Step } from "../../recordings/step.ts";
import { recordedAffinity, recordedBlock, recordedHandle } from "../../recordings/stored.ts";
import type { ClusterConnection } from "../../kube/connection.ts";
import { createObject, listAll, mergePatch, removeObject } from "../../kube/objects.ts";
import { parseHandle } from "../../calico/parse-handle.ts";
import { resources } from "../controllers/resources.ts";
import type { EventObject, KubeObject, Node, Pod } from "../kube-objects.ts";
import { calicoResources, type StorageMode } from "../storage-mode.ts";
import { CalicoStory } from "./calico-story.ts";
import { Watched } from "./watched.ts";

type AddStep = Extract<Step, { op: "add" }>;
type Checkpoint = Extract<Step, { op: "checkpoint" }>;
type StoredEvent = KubeObject & EventObject;

const options = { fieldManager: "replay" };

export interface ReplayOptions {
  readonly mode?: StorageMode;
  /** What every object that the story makes is labelled with besides; a node that is there already is used as it is. */
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * Plays a recording as somebody with kubectl would: nodes, pools and namespaces are created, pods are bound by hand and
 * deleted, and the cluster's own node agents do the rest. Needs agents that do not retry by themselves.
 */
export class HttpReplay {
  readonly #connection: ClusterConnection;
  readonly #result: Comparison;
  readonly #calico: CalicoStory;
  readonly #pods: Watched<Pod>;
  readonly #nodes: Watched<Node>;
  readonly #events: Watched<StoredEvent>;
  readonly #advance: (milliseconds: number) => void;
  readonly #labels: Readonly<Record<string, string>>;
  /** Sandbox id that an agent made up → the one in the recording. */
  readonly #sandboxes = new Map<string, string>();

  private constructor(
    connection: ClusterConnection,
    result: Comparison,
    calico: CalicoStory,
    watched: readonly [Watched<Pod>, Watched<Node>, Watched<StoredEvent>],
    advance: (milliseconds: number) => void,
    labels: Readonly<Record<string, string>>,
  ) {
    this.#labels = labels;
    this.#connection = connection;
    this.#result = result;
    this.#calico = calico;
    [this.#pods, this.#nodes, this.#events] = watched;
    this.#advance = advance;
  }

  static async start(
    connection: ClusterConnection,
    result: Comparison,
    advance: (milliseconds: number) => void,
    { mode = "crd-v1", labels = {} }: ReplayOptions = {},
  ): Promise<HttpReplay> {
    const watched = await Promise.all([
      Watched.start<Pod>(connection, resources.pods),
      Watched.start<Node>(connection, resources.nodes),
      Watched.start<StoredEvent>(connection, resources.events),
    ]);
    const calico = await CalicoStory.start(connection, mode, labels);
    return new HttpReplay(connection, result, calico, watched, advance, labels);
  }

  async stop(): Promise<void> {
    await Promise.all([this.#pods.stop(), this.#nodes.stop(), this.#events.stop(), this.#calico.stop()]);
  }

  async play(step: Step, where: string): Promise<void> {
    switch (step.op) {
      case "node":
        await this.#createNode(step.name, step.labels);
        await this.#nodes.until(`${step.name} is ready`, (nodes) =>
          nodes.get(step.name)?.status?.conditions ? true : null,
        );
        break;
      case "labelNode":
        await this.#patch("nodes", step.name, { metadata: { labels: step.labels } });
        await this.#nodes.until(`${step.name} has its labels`, (nodes) =>
          hasLabels(nodes.get(step.name), step.labels) ? true : null,
        );
        break;
      case "annotateNode":
        await this.#patch("nodes", step.name, { metadata: { annotations: prefixed(step.annotations) } });
        break;
      case "namespace":
        await this.#create("namespaces", {
          apiVersion: "v1",
          kind: "Namespace",
          metadata: { name: step.name, labels: { ...step.labels, ...this.#labels } },
        });
        break;
      case "create":
      case "createObject":
        await this.#calico.create(step);
        break;
      case "createRaw":
        await this.#calico.createPool(step.name, step.spec);
        break;
      case "patch":
        if (!step.error) await this.#calico.patchPool(step.name, step.spec);
        break;
      case "configure":
        if (!step.error) await this.#calico.configure(step.strictAffinity, step.maxBlocksPerHost);
        break;
      case "delete":
        await this.#calico.deletePool(step.name);
        break;
      case "deleteRaw":
        await this.#calico.deletePoolObject(step.name);
        break;
      case "poolStates":
        await this.#calico.expectStates(step, where, this.#result);
        break;
      case "tunnels":
        await this.#expectTunnels(step, where);
        break;
      case "add":
        await this.#add(step, where);
        break;
      case "del":
        await this.#del(step.namespace, step.pod);
        // While addresses cool, no two releases share a second: the recorded ones did not.
        if (this.#calico.cools) this.#advance(1000);
        break;
      case "wait":
        this.#advance(step.seconds * 1000);
        break;
      case "releaseIP":
        await this.#calico.releaseIp(step.ip);
        break;
      case "showIP":
        break;
      case "checkpoint":
        await this.#checkpoint(step, where);
        break;
      default:
        throw new Error(`${step.op} cannot be replayed through pods`);
    }
  }

  async #add(step: AddStep, where: string): Promise<void> {
    const { namespace, pod: name } = step;
    const body = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace, labels: this.#labels, annotations: annotationsOf(step) },
      spec: { nodeName: step.node, containers: [{ name: "main", image: "nginx" }] },
    };
    const made = (await createObject(
      this.#connection,
      { resource: resources.pods, namespace },
      body,
      options,
    )) as Pod;
    if (step.error !== undefined) {
      const { message } = await this.#events.until(`${where}: ${name} fails`, (events) => {
        for (const event of events.values())
          if (event.involvedObject.uid === made.metadata.uid && event.reason === "FailedCreatePodSandBox")
            return event;
        return null;
      });
      const error = message.slice(message.indexOf("failed (add): ") + "failed (add): ".length);
      this.#result.same(where, error.replace(/^error getting IP from IPAM: /, ""), step.error);
      return;
    }
    const running = await this.#pods.until(`${where}: ${name} runs`, (pods) => {
      const pod = pods.get(name, namespace);
      return pod?.metadata.uid === made.metadata.uid && pod.status?.phase === "Running" ? pod : null;
    });
    this.#sandboxes.set(
      running.metadata.annotations?.["cni.projectcalico.org/containerID"] ?? "",
      step.container,
    );
    this.#result.same(
      where,
      running.status?.podIPs?.map(({ ip }) => ip),
      step.ips,
    );
  }

  async #del(namespace: string, name: string): Promise<void> {
    await removeObject(this.#connection, { resource: resources.pods, namespace, name });
    await this.#pods.until(`${namespace}/${name} is gone`, (pods) =>
      pods.get(name, namespace) ? null : true,
    );
  }

  async #expectTunnels(step: Extract<Step, { op: "tunnels" }>, where: string): Promise<void> {
    const names = [
      "IPv4IPIPTunnelAddr",
      "IPv4VXLANTunnelAddr",
      "IPv6VXLANTunnelAddr",
      "IPv4WireguardInterfaceAddr",
      "IPv6WireguardInterfaceAddr",
    ];
    const now = (node: Node | undefined) =>
      Object.fromEntries(
        names.flatMap((name) => {
          const value = node?.metadata.annotations?.[`projectcalico.org/${name}`];
          return value === undefined ? [] : [[name, value]];
        }),
      );
    const expected = JSON.stringify(Object.entries(step.annotations).sort());
    const found = await this.#nodes
      .until(where, (nodes) =>
        JSON.stringify(Object.entries(now(nodes.get(step.node))).sort()) === expected
          ? step.annotations
          : null,
      )
      .catch(() => null);
    this.#result.same(where, found, step.annotations);
  }

  async #checkpoint(step: Checkpoint, where: string): Promise<void> {
    const { reader } = this.#calico;
    const snapshot = await reader.everything(null, [], []);
    const handles = (await listAll(this.#connection, calicoResources(reader.mode).handles)).items.map(
      (raw) => parseHandle(raw).value,
    );
    const byName = (items: readonly { name: string }[]) =>
      Object.fromEntries(
        items.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(({ name, ...rest }) => [name, rest]),
      );
    const compare = (
      what: "blocks" | "affinities" | "handles",
      items: readonly { name: string; spec: object }[],
    ) => {
      const recorded = step.objects[what].map(({ name, spec }) => ({ name, spec }));
      this.#result.same(
        `${where} ${what}`,
        byName(items.map((item) => this.#asRecorded(item))),
        byName(recorded),
      );
    };
    compare("blocks", [...snapshot.blocks.values()].map(recordedBlock));
    compare(
      "affinities",
      snapshot.affinities.map((row) => recordedAffinity(row, reader.mode === "crd-v1")),
    );
    compare("handles", handles.filter((handle) => handle !== null).map(recordedHandle));
  }

  /** The same with the recording's sandbox ids. */
  #asRecorded<T>(value: T): T {
    const text = JSON.stringify(value).replace(/\b[0-9a-f]{64}\b/g, (id) => this.#sandboxes.get(id) ?? id);
    return JSON.parse(text) as T;
  }

  async #createNode(name: string, labels: Readonly<Record<string, string | null>>): Promise<void> {
    if (this.#nodes.store.get(name)) {
      await this.#patch("nodes", name, { metadata: { labels } });
      return;
    }
    const metadata = { name, labels: { ...labels, ...this.#labels } };
    await this.#create("nodes", { apiVersion: "v1", kind: "Node", metadata });
  }

  async #create(kind: keyof typeof resources, body: object): Promise<void> {
    await createObject(this.#connection, { resource: resources[kind] }, body, options);
  }

  async #patch(kind: keyof typeof resources, name: string, patch: object): Promise<void> {
    await mergePatch(this.#connection, { resource: resources[kind], name }, patch, options);
  }
}

function annotationsOf({ pools4, pools6, v4 = true, v6 = false, ip }: AddStep): Record<string, string> {
  const families = [...(v4 ? ["IPv4"] : []), ...(v6 ? ["IPv6"] : [])];
  const lists = {
    ipv4pools: pools4,
    ipv6pools: pools6,
    ipFamilies: v6 ? families : undefined,
    ipAddrs: ip === undefined ? undefined : [ip],
  };
  return Object.fromEntries(
    Object.entries(lists).flatMap(([key, list]) =>
      list === undefined ? [] : [[`cni.projectcalico.org/${key}`, JSON.stringify(list)]],
    ),
  );
}

function prefixed(annotations: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(annotations).map(([key, value]) => [`projectcalico.org/${key}`, value]),
  );
}

function hasLabels(node: Node | undefined, labels: Readonly<Record<string, string | null>>): boolean {
  return Object.entries(labels).every(([key, value]) => (node?.metadata.labels?.[key] ?? null) === value);
}
