import { servedKind } from "../../calico/dialect.ts";
import { ApiError } from "../../kube/errors.ts";
import { createObject, listAll, mergePatch, removeObject } from "../../kube/objects.ts";
import type { ObjectRef } from "../../kube/objects.ts";
import type { ResourceRef } from "../../kube/paths.ts";
import { record, text } from "../../calico/reading.ts";
import type { SeededRandom } from "../../sim/scenarios/seeded-random.ts";
import { poolObject, resourceOf, type World } from "./world.ts";

const NAMES = 8;
const pods: ResourceRef = { group: "", version: "v1", plural: "pods", namespaced: true };
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

  async #do(what: "create" | "change" | "delete", { ref, object }: Target, value: string): Promise<void> {
    const { direct } = this.#world;
    const { resource, namespace } = ref;
    const place = namespace === undefined ? {} : { namespace };
    if (what === "create") await createObject(direct, { resource, ...place }, object);
    else if (what === "delete") await removeObject(direct, ref, { gracePeriodSeconds: 0 });
    else await mergePatch(direct, ref, { metadata: { labels: { "poolboard.test/value": value } } });
  }

  #targets(number: number): Target[] {
    const { mode, pool } = this.#world;
    const name = `${pool}-w${number}`;
    const calico = (kind: "IPReservation" | "BlockAffinity", spec: object): Target => {
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
        deleted: "false",
      }),
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
