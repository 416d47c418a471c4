import { cidrContains } from "../../ipam/cidr.ts";
import { SeededRandom } from "../scenarios/seeded-random.ts";
import type { StorageMode } from "../storage-mode.ts";
import { isObject, listAt, objectAt, textAt } from "../store/json.ts";
import { type KubeObject, objectKey } from "../store/kube-object.ts";
import type { Store } from "../store/store.ts";
import { BlockBook, type ChurnPool, poolsIn } from "./block-book.ts";
import {
  boundTo,
  churnableIp,
  nodeOf,
  restarted,
  runningWith,
  successorOf,
  terminating,
} from "./churned-pod.ts";

/** Events a second. */
export interface ChurnRates {
  readonly pods: number;
  readonly blocks: number;
}

/** A pod between its creation and its end. */
interface Life {
  pod: KubeObject;
  readonly pool: ChurnPool;
  /** Sandboxes that fail before one stands; each takes an address and gives it back. */
  failures: number;
  held: { readonly block: string; readonly handle: string; readonly ip: string } | null;
}

/** Where lives wait, for a write of their pod or of a block. */
type Stage = "owed" | "created" | "bound" | "failed" | "addressed" | "ending" | "released";

const podWrites = 5;
/** More lives than these at once wait for a block: pods of the next are restarted instead of replaced. */
const mostWaiting = 256;
const tickMs = 20;
/** What a late tick makes up for at most. */
const longestDebtSeconds = 1;
/** How far back a watch can go on from: what the store remembers is bounded by this and not by its own, larger, bound. */
const rememberedMs = 15_000;

/** There is no pod that a churn could replace. */
export class ChurnError extends Error {
  override readonly name = "ChurnError";
}

/**
 * Steady change: pods of replica sets end and their successors are created, bound, given an address and run, so many writes of
 * pods and blocks a second. The number of pods stays; every allocation is a pod's, and every running pod's address is allocated.
 * The same seed and the same steps make the same cluster. Written straight into the store, as one of the server's own controllers.
 * @throws ChurnError when there is nothing to replace
 */
export class Churn {
  readonly blocks: BlockBook;
  readonly #store: Store;
  readonly #random: SeededRandom;
  readonly #running: Life[] = [];
  readonly #waiting: Readonly<Record<Stage, Life[]>> = {
    owed: [],
    created: [],
    bound: [],
    failed: [],
    addressed: [],
    ending: [],
    released: [],
  };
  readonly #nodes: readonly string[];
  readonly #hostIps = new Map<string, string>();
  readonly #podsOn = new Map<string, number>();
  readonly #remembered: { readonly at: number; readonly revision: number }[] = [];
  #podWrites = 0;
  #failuresOwed = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(store: Store, mode: StorageMode, seed = "churn") {
    this.#store = store;
    this.#random = new SeededRandom(seed);
    this.blocks = new BlockBook(store, mode, this.#random);
    const pools = poolsIn(store, mode);
    for (const { object } of store.collection("nodes").list()) {
      if (objectAt(object, "spec")["unschedulable"] === true) continue;
      const addresses = listAt(objectAt(object, "status"), "addresses").filter(isObject);
      const own = addresses.find((each) => textAt(each, "type") === "InternalIP");
      this.#hostIps.set(object.metadata.name, textAt(own, "address"));
    }
    this.#nodes = [...this.#hostIps.keys()];
    for (const { object } of store.collection("pods").list()) {
      this.#count(nodeOf(object), 1);
      const ip = churnableIp(object);
      const held = ip === null ? null : this.blocks.holderOf(ip);
      const cidr = held === null ? null : this.blocks.cidrOf(held.block);
      const pool = pools.find(
        (each) => cidr !== null && cidrContains(each.cidr, { family: 4, value: cidr.base }),
      );
      if (pool && held && ip !== null)
        this.#running.push({ pod: object, pool, failures: 0, held: { ...held, ip } });
    }
    if (this.#running.length === 0 || this.#nodes.length === 0)
      throw new ChurnError("this cluster has no pod that a churn could replace; use another scenario");
  }

  /** Writes so far. */
  get writes(): { readonly pods: number; readonly blocks: number } {
    return { pods: this.#podWrites, blocks: this.blocks.writes };
  }

  /** Begins to write that many events a second until `stop`. */
  start(rates: ChurnRates): void {
    let at = performance.now();
    let [pods, blocks] = [0, 0];
    this.#timer = setInterval(() => {
      const seconds = Math.min(longestDebtSeconds, (performance.now() - at) / 1000);
      at = performance.now();
      pods += rates.pods * seconds;
      blocks += rates.blocks * seconds;
      const before = this.writes;
      this.step(Math.floor(pods), Math.floor(blocks), Date.now());
      pods = Math.min(pods - (this.writes.pods - before.pods), rates.pods * longestDebtSeconds);
      blocks = Math.min(blocks - (this.writes.blocks - before.blocks), rates.blocks * longestDebtSeconds);
      this.#forget(Date.now());
    }, tickMs);
  }

  /** Writes nothing more; what is half done stays so. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** About so many writes of pods and of blocks, at this time (milliseconds since 1970). */
  step(pods: number, blocks: number, now: number): void {
    const [podsUntil, blocksUntil] = [this.#podWrites + pods, this.blocks.writes + blocks];
    // A life has five writes of its pod and two of blocks; more of the latter are asked for: so many sandboxes fail.
    const failuresEach = pods === 0 ? 0 : Math.max(0, (podWrites * blocks) / pods - 2) / 2;
    let stuck = false;
    while (!stuck && (this.#podWrites < podsUntil || this.blocks.writes < blocksUntil)) {
      const before = this.#podWrites + this.blocks.writes;
      if (this.#podWrites < podsUntil) this.#writePod(now, failuresEach);
      if (this.blocks.writes < blocksUntil) this.#writeBlock(now);
      stuck = this.#podWrites + this.blocks.writes === before;
    }
  }

  /** Finishes what is half done, so that pods and allocations match one to one. */
  settle(now: number): void {
    const { owed, created, bound, failed, addressed, ending, released } = this.#waiting;
    const half = [owed, created, bound, failed, addressed, ending, released];
    for (let rounds = 0; half.some((lives) => lives.length > 0) && rounds < 1_000_000; rounds++) {
      this.#finishOne(now);
      this.#writeBlock(now);
    }
  }

  #writePod(now: number, failuresEach: number): void {
    if (this.#finishOne(now)) return;
    const { bound, ending, failed } = this.#waiting;
    const at = this.#random.below(this.#running.length);
    const life = this.#running[at];
    if (life === undefined) return;
    if (bound.length + ending.length + failed.length > mostWaiting) {
      life.pod = this.#put(restarted(life.pod));
      return;
    }
    this.#running[at] = this.#running.at(-1) ?? life;
    this.#running.pop();
    life.pod = this.#put(terminating(life.pod, now));
    ending.push(life);
    this.#failuresOwed += failuresEach;
    const failures = Math.floor(this.#failuresOwed);
    this.#failuresOwed -= failures;
    this.#waiting.owed.push({ pod: life.pod, pool: life.pool, failures, held: null });
  }

  /** The next write of a pod that is not at rest; false: there is none to be made. */
  #finishOne(now: number): boolean {
    const { owed, created, bound, addressed, released } = this.#waiting;
    let life: Life | undefined;
    if ((life = released.shift())) {
      this.#count(nodeOf(life.pod), -1);
      this.#podWrites += 1;
      this.#store.remove("pods", keyOf(life.pod));
    } else if ((life = addressed.shift())) {
      this.#run(life, now);
      this.#running.push(life);
    } else if ((life = created.shift())) {
      const node = this.#chooseNode();
      this.#count(node, 1);
      life.pod = this.#put(boundTo(life.pod, node, now));
      bound.push(life);
    } else if ((life = owed.shift())) {
      life.pod = this.#put(this.#newPod(life.pod, now));
      created.push(life);
    } else return false;
    return true;
  }

  #writeBlock(now: number): void {
    const { bound, failed, addressed, ending, released } = this.#waiting;
    let life: Life | undefined;
    if ((life = failed.shift())) {
      this.#release(life, now);
      bound.push(life);
    } else if ((life = ending.shift())) {
      this.#release(life, now);
      released.push(life);
    } else if ((life = bound.shift())) {
      const isTaken = this.#take(life, now);
      if (!isTaken) bound.push(life);
      else if (life.failures > 0) {
        life.failures -= 1;
        failed.push(life);
      } else addressed.push(life);
    }
  }

  #take(life: Life, now: number): boolean {
    const { name, namespace = "" } = life.pod.metadata;
    const node = nodeOf(life.pod);
    const handle = `k8s-pod-network.${this.#random.hex(64)}`;
    const time = `${new Date(now).toISOString().slice(0, 23).replace("T", " ")} +0000 UTC`;
    const owner = { namespace, node, pod: name, timestamp: time };
    const taken = this.blocks.take({ node, handle, owner }, life.pool, now);
    if (taken !== null) life.held = { ...taken, handle };
    return taken !== null;
  }

  #release(life: Life, now: number): void {
    if (life.held !== null) this.blocks.release(life.held.block, life.held.handle, now);
    life.held = null;
  }

  #run(life: Life, now: number): void {
    const sandbox = life.held?.handle.slice(life.held.handle.indexOf(".") + 1) ?? "";
    const place = {
      ip: life.held?.ip ?? "",
      hostIp: this.#hostIps.get(nodeOf(life.pod)) ?? null,
      now,
    };
    life.pod = this.#put(runningWith(life.pod, sandbox, place));
  }

  #newPod(old: KubeObject, now: number): KubeObject {
    for (;;) {
      const pod = successorOf(old, this.#random, now);
      if (this.#store.collection("pods").get(keyOf(pod)) === undefined) return pod;
    }
  }

  /** The emptier one of two: loads stay even, as under a scheduler that spreads. */
  #chooseNode(): string {
    const [one = "", other = ""] = [this.#random.pick(this.#nodes), this.#random.pick(this.#nodes)];
    return (this.#podsOn.get(one) ?? 0) <= (this.#podsOn.get(other) ?? 0) ? one : other;
  }

  #count(node: string, change: number): void {
    if (node !== "") this.#podsOn.set(node, (this.#podsOn.get(node) ?? 0) + change);
  }

  #put(pod: KubeObject): KubeObject {
    this.#podWrites += 1;
    return this.#store.put("pods", pod).object;
  }

  /** Half a minute of a thousand writes a second would be a gigabyte of old versions. */
  #forget(now: number): void {
    const last = this.#remembered.at(-1);
    if (last !== undefined && now - last.at < 1_000) return;
    this.#remembered.push({ at: now, revision: this.#store.revision });
    const [oldest] = this.#remembered;
    if (oldest === undefined || now - oldest.at < rememberedMs) return;
    this.#remembered.shift();
    for (const collection of this.#store.collections()) collection.forget(oldest.revision);
  }
}

function keyOf({ metadata }: KubeObject): string {
  return objectKey(metadata.namespace ?? "", metadata.name);
}
