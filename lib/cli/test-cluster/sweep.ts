import type { ApiMode } from "../../calico/dialect.ts";
import { type RawRecord, record, text, textMap } from "../../calico/reading.ts";
import { type Cidr, cidrContains, cidrsOverlap, parseCidr } from "../../ipam/cidr.ts";
import { AddressError, parseAddress } from "../../ipam/address.ts";
import type { ClusterConnection } from "../../kube/connection.ts";
import { ApiError } from "../../kube/errors.ts";
import { mergePatch, type ObjectRef, removeObject } from "../../kube/objects.ts";
import type { ResourceRef } from "../../kube/paths.ts";
import type { KubeObject } from "../../sim/kube-objects.ts";
import { Watched } from "../../sim/testing/watched.ts";
import type { Ledger } from "./ledger.ts";
import { listServed } from "./list-served.ts";
import { calicoRef, core, runLabel } from "./run.ts";

const goneMs = 60_000;
/** `projectcalico.org/X` of a node is put aside as this and X. */
const asidePrefix = "aside.poolboard.test/";

export interface SweepOptions {
  /** Pods end by themselves, and calico-node takes its tunnel addresses back; without kubelets both is done here. */
  readonly kubelets: boolean;
  /** The ledger goes too, last of all. */
  readonly close: boolean;
}

/** Removes whatever a run made and did not remove itself. No node agents of ours may be at work. */
export async function sweep(
  connection: ClusterConnection,
  mode: ApiMode,
  ledger: Ledger,
  { kubelets, close }: SweepOptions,
): Promise<void> {
  const sweeper = new Sweeper(connection, mode, ledger);
  if (!kubelets) await sweeper.removePods();
  await sweeper.removeNamespaces(kubelets);
  await sweeper.removeLabelled();
  await sweeper.removePools();
  if (!kubelets) await sweeper.mendNodes();
  await sweeper.removeAllocations();
  if (close) await sweeper.close();
}

/** The nodes that are there stop being Calico's for a while: none is given a tunnel address. `sweep` mends them. */
export async function putNodesAside(connection: ClusterConnection): Promise<void> {
  for (const node of await listServed(connection, core.nodes)) {
    const metadata = record(node.metadata);
    const annotations = textMap(metadata.annotations, "annotations", () => undefined);
    const moved = Object.entries(annotations).filter(([key]) =>
      /^projectcalico\.org\/IPv[46]Address$/.test(key),
    );
    if (moved.length === 0) continue;
    const changes = moved.flatMap(([key, value]) => [
      [key, null],
      [asidePrefix + key.slice("projectcalico.org/".length), value],
    ]);
    const patch = { metadata: { annotations: Object.fromEntries(changes) } };
    await mergePatch(connection, { resource: core.nodes, name: text(metadata.name) ?? "" }, patch);
  }
}

class Sweeper {
  readonly #connection: ClusterConnection;
  readonly #mode: ApiMode;
  readonly #id: string;
  readonly #cidrs: readonly Cidr[];

  constructor(connection: ClusterConnection, mode: ApiMode, { id, cidrs }: Ledger) {
    this.#connection = connection;
    this.#mode = mode;
    this.#id = id;
    this.#cidrs = cidrs.map((cidr) => parseCidr(cidr).cidr);
  }

  /** Those in namespaces that are not ours. */
  async removePods(): Promise<void> {
    const labelSelector = `${runLabel}=${this.#id}`;
    const pods = await listServed(this.#connection, core.pods, { labelSelector });
    for (const pod of pods) await this.#removePod(record(pod.metadata));
  }

  /** All but the ledger itself, which goes last. */
  async removeNamespaces(kubelets: boolean): Promise<void> {
    const names = (await this.#labelled(core.namespaces)).filter((name) => name !== this.#id);
    await this.#endNamespaces(names, kubelets);
  }

  close(): Promise<void> {
    return this.#endNamespaces([this.#id], true);
  }

  /** Objects outside of namespaces that carry the label. */
  async removeLabelled(): Promise<void> {
    const { policyBindings, policies, roleBindings, roles, nodes } = core;
    for (const resource of [policyBindings, policies, roleBindings, roles, nodes]) {
      for (const name of await this.#labelled(resource)) await this.#remove({ resource, name });
    }
  }

  async removePools(): Promise<void> {
    for (const kind of ["IPReservation", "IPPool", "IPAMConfiguration"] as const) {
      const resource = calicoRef(this.#mode, kind);
      for (const { name, raw } of await this.#list(resource)) {
        const isLabelled = record(record(raw.metadata).labels)[runLabel] === this.#id;
        if (isLabelled || name.startsWith(`${this.#id}-`)) await this.#remove({ resource, name });
      }
    }
  }

  /** Takes tunnel addresses of ours from nodes that stay, and gives back what was put aside. */
  async mendNodes(): Promise<void> {
    for (const { name, raw } of await this.#list(core.nodes)) {
      const before = textMap(record(raw.metadata).annotations, "annotations", () => undefined);
      const after: Record<string, string | null> = {};
      for (const [key, value] of Object.entries(before)) {
        if (/^projectcalico\.org\/.+Addr$/.test(key) && this.#isOurs(value)) after[key] = null;
        if (!key.startsWith(asidePrefix)) continue;
        after[key] = null;
        after[`projectcalico.org/${key.slice(asidePrefix.length)}`] = value;
      }
      if (Object.keys(after).length === 0) continue;
      const patch = { metadata: { annotations: after } };
      await mergePatch(this.#connection, { resource: core.nodes, name }, patch);
    }
  }

  /** Claims first: a block without its claim is nobody's, a claim without its block is a fault. */
  async removeAllocations(): Promise<void> {
    for (const kind of ["BlockAffinity", "IPAMBlock"] as const) {
      const resource = calicoRef(this.#mode, kind);
      for (const { name, raw } of await this.#list(resource)) {
        if (this.#isOurs(text(record(raw.spec).cidr) ?? "")) await this.#remove({ resource, name });
      }
    }
    const resource = calicoRef(this.#mode, "IPAMHandle");
    for (const { name, raw } of await this.#list(resource)) {
      const blocks = Object.keys(record(record(raw.spec).block));
      const ours = blocks.filter((cidr) => this.#isOurs(cidr));
      if (ours.length === 0) continue;
      if (ours.length === blocks.length) await this.#remove({ resource, name });
      else {
        const patch = { spec: { block: Object.fromEntries(ours.map((cidr) => [cidr, null])) } };
        await mergePatch(this.#connection, { resource, name }, patch);
      }
    }
  }

  async #endNamespaces(names: readonly string[], kubelets: boolean): Promise<void> {
    const namespaces = await Watched.start<KubeObject>(this.#connection, core.namespaces);
    try {
      for (const name of names) await this.#remove({ resource: core.namespaces, name });
      // Nothing new starts in a namespace that ends, so one look finds all pods that wait for a kubelet.
      if (!kubelets) await Promise.all(names.map((name) => this.#endPods(name)));
      for (const name of names) {
        await namespaces.until(
          `namespace ${name} is gone`,
          (store) => (store.get(name) ? null : true),
          goneMs,
        );
      }
    } finally {
      await namespaces.stop();
    }
  }

  async #endPods(namespace: string): Promise<void> {
    const pods = await listServed(this.#connection, core.pods, { namespace });
    for (const pod of pods) await this.#removePod(record(pod.metadata));
  }

  async #removePod(metadata: RawRecord): Promise<void> {
    const namespace = text(metadata.namespace) ?? "";
    await this.#remove({ resource: core.pods, namespace, name: text(metadata.name) ?? "" }, 0);
  }

  async #labelled(resource: ResourceRef): Promise<string[]> {
    const items = await listServed(this.#connection, resource, { labelSelector: `${runLabel}=${this.#id}` });
    return items.map((item) => text(record(item.metadata).name) ?? "");
  }

  async #list(resource: ResourceRef): Promise<{ name: string; raw: RawRecord }[]> {
    const items = await listServed(this.#connection, resource);
    return items.map((raw) => ({ name: text(record(raw.metadata).name) ?? "", raw }));
  }

  async #remove(ref: ObjectRef, gracePeriodSeconds?: number): Promise<void> {
    const options = gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds };
    await removeObject(this.#connection, ref, options).catch((error: unknown) => {
      // Somebody else was faster; a namespace that ends already answers with a conflict.
      if (!(error instanceof ApiError && (error.status === 404 || error.status === 409))) throw error;
    });
  }

  #isOurs(written: string): boolean {
    try {
      if (written.includes("/")) {
        const { cidr } = parseCidr(written);
        return this.#cidrs.some((own) => cidrsOverlap(own, cidr));
      }
      const address = parseAddress(written);
      return this.#cidrs.some((own) => cidrContains(own, address));
    } catch (error) {
      if (error instanceof AddressError) return false;
      throw error;
    }
  }
}
