import { deletedMark, servedKind } from "../../calico/dialect.ts";
import { ApiError } from "../../kube/errors.ts";
import { listAll, type ObjectRef, removeObject } from "../../kube/objects.ts";
import type { ResourceRef } from "../../kube/paths.ts";
import { record, text } from "../../calico/reading.ts";
import type { SeededRandom } from "../../sim/scenarios/seeded-random.ts";
import { poolObject, resourceOf, type World } from "./world.ts";

const NAMES = 8;
const pods: ResourceRef = { group: "", version: "v1", plural: "pods", namespaced: true };
const nodes: ResourceRef = { group: "", version: "v1", plural: "nodes", namespaced: false };
const namespaces: ResourceRef = { group: "", version: "v1", plural: "namespaces", namespaced: false };

/** Somebody else who creates, changes and deletes objects, past the proxy. Everything made is named after the world's pool. */
export class RandomWrites {
  /** Writes that were done. */
  count = 0;
  readonly #world: World;
  readonly #random: SeededRandom;

  constructor(world: World, random: SeededRandom) {
    this.#world = world;
    this.#random = random;
  }

  /** One write. One that the server refuses, or is not there for, is none. */
  async write(): Promise<void> {
    const number = this.#random.below(NAMES);
    const target = this.#random.pick(this.#targets(number));
    const what = this.#random.pick(["create", "change", "change", "delete"] as const);
    const value = String(this.#random.below(1_000_000));
    try {
      if (target !== undefined) await this.#do(what, target, value);
      this.count += 1;
    } catch (error) {
      if (error instanceof ApiError && error.status < 500) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Takes away all that was made. */
  async cleanUp(): Promise<void> {
    const { direct, pool } = this.#world;
    for (const { ref } of this.#targets(0)) {
      const { items } = await listAll(direct, ref.resource);
      for (const raw of items) {
        const { name, namespace } = record(record(raw).metadata);
        if (!text(name)?.startsWith(`${pool}-w`)) continue;
        const place = text(namespace) === null ? {} : { namespace: String(namespace) };
        const one = { resource: ref.resource, name: String(name), ...place };
        await removeObject(direct, one, { gracePeriodSeconds: 0 }).catch(() => {});
      }
    }
  }

  #do(what: "create" | "change" | "delete", { ref, object }: Target, value: string): Promise<void> {
    const { hand } = this.#world.site;
    if (what === "create") return hand.create(ref, object);
    return what === "delete" ? hand.remove(ref) : hand.label(ref, "poolboard.test/value", value);
  }

  #targets(number: number): Target[] {
    const { mode, pool } = this.#world;
    const name = `${pool}-w${number}`;
    const calico = (kind: "IPReservation" | "BlockAffinity" | "IPAMBlock", spec: object): Target => {
      const served = servedKind(mode, kind);
      const head = { apiVersion: `${served.group}/${served.version}`, kind: served.kind, metadata: { name } };
      return { ref: { resource: resourceOf(mode, kind), name }, object: { ...head, spec } };
    };
    return [
      {
        ref: { resource: this.#world.pools, name },
        object: poolObject(mode, name, `198.19.${100 + number}.0/26`),
      },
      calico("IPReservation", { reservedCIDRs: [`198.19.${120 + number}.0/28`] }),
      calico("BlockAffinity", {
        state: "confirmed",
        node: "none",
        cidr: `198.19.${140 + number}.0/26`,
        deleted: deletedMark(mode, "BlockAffinity", false),
      }),
      calico("IPAMBlock", {
        cidr: `198.19.${160 + number}.0/29`,
        affinity: "host:none",
        strictAffinity: false,
        allocations: Array.from({ length: 8 }, () => null),
        unallocated: [0, 1, 2, 3, 4, 5, 6, 7],
        attributes: [],
        deleted: false,
      }),
      { ref: { resource: nodes, name }, object: { apiVersion: "v1", kind: "Node", metadata: { name } } },
      {
        ref: { resource: namespaces, name },
        object: { apiVersion: "v1", kind: "Namespace", metadata: { name } },
      },
      {
        ref: { resource: pods, namespace: "default", name },
        object: {
          apiVersion: "v1",
          kind: "Pod",
          metadata: { name },
          // Nobody schedules it, so it stays what it is.
          spec: { schedulerName: "none", containers: [{ name: "c", image: "none" }] },
        },
      },
    ];
  }
}

interface Target {
  readonly ref: ObjectRef;
  readonly object: object;
}
