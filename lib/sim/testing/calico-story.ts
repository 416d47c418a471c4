import { typeOf } from "../../calico/dialect.ts";
import { parseAddress } from "../../ipam/address.ts";
import { type Cidr, parseCidr } from "../../ipam/cidr.ts";
import type { Pool } from "../../ipam/pool.ts";
import { planReleasePoolAffinities } from "../../ipam/pool-delete.ts";
import { planReleaseAddress } from "../../ipam/release.ts";
import type { ClusterConnection } from "../../kube/connection.ts";
import { createObject, mergePatch, removeObject } from "../../kube/objects.ts";
import type { Comparison } from "../../recordings/compare.ts";
import type { ConfigSpec, PoolSpec, Step } from "../../recordings/step.ts";
import { storedPool } from "../../recordings/stored.ts";
import { IpamReader } from "../agents/ipam-reader.ts";
import { PlanConflict, writePlan } from "../agents/ipam-writer.ts";
import { nanosecondsNow } from "../agents/node-facts.ts";
import type { Condition, KubeObject } from "../kube-objects.ts";
import { type CalicoResources, calicoResources, type StorageMode } from "../storage-mode.ts";
import { Watched } from "./watched.ts";

interface PoolObject extends KubeObject {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

type StatesStep = Extract<Step, { op: "poolStates" }>;

const options = { fieldManager: "replay" };

/** The part of a recording that calicoctl and kubectl do to Calico's own objects. */
export class CalicoStory {
  readonly reader: IpamReader;
  readonly #connection: ClusterConnection;
  readonly #mode: StorageMode;
  readonly #resources: CalicoResources;
  readonly #pools: Watched<PoolObject>;
  /** Whether released addresses rest before they are given again. */
  cools = false;

  readonly #labels: Readonly<Record<string, string>>;

  private constructor(
    connection: ClusterConnection,
    mode: StorageMode,
    labels: Readonly<Record<string, string>>,
    pools: Watched<PoolObject>,
  ) {
    this.#labels = labels;
    this.#connection = connection;
    this.#mode = mode;
    this.#resources = calicoResources(mode);
    this.reader = new IpamReader(connection, mode);
    this.#pools = pools;
  }

  /** `labels` go on every object that is made. */
  static async start(
    connection: ClusterConnection,
    mode: StorageMode,
    labels: Readonly<Record<string, string>>,
  ): Promise<CalicoStory> {
    const pools = await Watched.start<PoolObject>(connection, calicoResources(mode).pools);
    return new CalicoStory(connection, mode, labels, pools);
  }

  async stop(): Promise<void> {
    await this.#pools.stop();
  }

  async create(step: Extract<Step, { op: "create" | "createObject" }>): Promise<void> {
    if (step.kind === "IPPool")
      await this.createPool(step.name, step.op === "create" ? storedPool(step.spec) : step.spec);
    else if (step.kind === "IPReservation")
      await createObject(
        this.#connection,
        { resource: this.#resources.reservations },
        { ...typeOf(this.#mode, "IPReservation"), metadata: this.#metadata(step.name), spec: step.spec },
        options,
      );
    else await this.#setConfig(step.spec);
  }

  /** As kubectl does it: nothing is filled in. */
  async createPool(name: string, spec: PoolSpec): Promise<void> {
    const body = { ...typeOf(this.#mode, "IPPool"), metadata: this.#metadata(name), spec };
    await createObject(this.#connection, { resource: this.#resources.pools }, body, options);
  }

  async patchPool(name: string, spec: object): Promise<void> {
    const ref = { resource: this.#resources.pools, name };
    await mergePatch(this.#connection, ref, { spec: withoutFalse(spec) }, options);
  }

  async configure(strictAffinity: boolean | null, maxBlocksPerHost: number | null): Promise<void> {
    const { config } = await this.reader.everything(null, [], []);
    const limit = maxBlocksPerHost ?? config?.maxBlocksPerHost ?? 0;
    await this.#setConfig({
      autoAllocateBlocks: config?.autoAllocateBlocks ?? true,
      kubeVirtVMAddressPersistence: config?.kubeVirtVMAddressPersistence ?? "Enabled",
      strictAffinity: strictAffinity ?? config?.strictAffinity ?? false,
      ...(limit > 0 ? { maxBlocksPerHost: limit } : {}),
    });
  }

  async #setConfig(spec: ConfigSpec): Promise<void> {
    this.cools = (spec.ipCooldownSeconds ?? 0) > 0;
    const ref = { resource: this.#resources.ipamConfigs, name: "default" };
    await removeObject(this.#connection, ref).catch(() => {});
    const body = { ...typeOf(this.#mode, "IPAMConfiguration"), metadata: this.#metadata("default"), spec };
    await createObject(this.#connection, { resource: this.#resources.ipamConfigs }, body, options);
  }

  #metadata(name: string): object {
    return Object.keys(this.#labels).length > 0 ? { name, labels: this.#labels } : { name };
  }

  /** As Calico's client deletes a pool: disabled, affinities released, then the object. */
  async deletePool(name: string): Promise<void> {
    await this.patchPool(name, { disabled: true });
    const pools = await this.reader.pools();
    const cidr = pools.find((pool) => pool.name === name)?.cidr ?? parseCidr("0.0.0.0/32").cidr;
    await this.#releaseAffinities(pools, cidr);
    await this.deletePoolObject(name);
  }

  /** Tunnel addresses may leave the pool meanwhile: then once more from a fresh read. */
  async #releaseAffinities(pools: readonly Pool[], cidr: Cidr): Promise<void> {
    const snapshot = await this.reader.everything(null, pools, []);
    const plan = planReleasePoolAffinities(snapshot, cidr, nanosecondsNow(this.#connection.clock));
    try {
      await writePlan(this.#connection, this.#mode, plan, snapshot);
    } catch (error) {
      if (!(error instanceof PlanConflict)) throw error;
      await this.#releaseAffinities(pools, cidr);
    }
  }

  async deletePoolObject(name: string): Promise<void> {
    await removeObject(this.#connection, { resource: this.#resources.pools, name });
  }

  async releaseIp(ip: string): Promise<void> {
    const snapshot = await this.reader.everything(null, await this.reader.pools(), []);
    const request = {
      releases: [{ address: parseAddress(ip) }],
      nodeLabels: () => ({}),
      now: nanosecondsNow(this.#connection.clock),
    };
    await writePlan(this.#connection, this.#mode, planReleaseAddress(snapshot, request), snapshot);
  }

  /** Waits for the controller to bring the pools where Calico's brought them. */
  async expectStates(step: StatesStep, where: string, result: Comparison): Promise<void> {
    const wanted = JSON.stringify(step.pools.map(stateOf));
    await this.#pools
      .until(where, (pools) => (JSON.stringify(statesIn(pools.values())) === wanted ? true : null))
      .catch(() => null);
    result.same(where, statesIn(this.#pools.store.values()), step.pools);
  }
}

type RecordedState = StatesStep["pools"][number];

/** The same members in one order. */
function stateOf({ name, finalizers, deleting, conditions }: RecordedState): RecordedState {
  return {
    name,
    finalizers,
    deleting,
    conditions: conditions.map(({ message, reason, status, type }) => ({ message, reason, status, type })),
  };
}

function statesIn(pools: Iterable<PoolObject>): RecordedState[] {
  return [...pools]
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
    .map(({ metadata, status }) =>
      stateOf({
        name: metadata.name,
        finalizers: metadata.finalizers ?? [],
        deleting: metadata.deletionTimestamp !== undefined,
        conditions: (status?.conditions ?? []).map(({ message = "", reason = "", status: is, type }) => ({
          message,
          reason,
          status: is,
          type,
        })),
      }),
    );
}

/** Calico's client leaves false out. */
function withoutFalse(spec: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(spec).map(([key, value]) => [key, value === false ? null : value]),
  );
}
