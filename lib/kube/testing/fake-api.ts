import type { Exchange, FaultServer } from "./fault-server.ts";
import { pod, podList } from "./fixtures.ts";

type Pod = ReturnType<typeof pod>;
interface Change {
  readonly version: number;
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly pod: Pod;
}

/** What the next answer of a kind shall be instead of the right one. */
export type ListFault = "500" | "429" | "403" | "html" | "cut" | "expired" | "empty";
export type WatchFault = "410" | "429" | "503" | "cut" | "empty";

/**
 * Pods with a history, listed and watched over a fault server as an API server would, except for the faults that
 * tests switch on. Versions rise by one with every change.
 */
export class FakeApi {
  version = 100;
  readonly pods = new Map<string, Pod>();
  readonly listFaults: ListFault[] = [];
  readonly watchFaults: WatchFault[] = [];
  /** The next event arrives as a line that cannot be read. */
  garbleNext = false;
  readonly #server: FaultServer;
  #history: Change[] = [];
  /** Watches cannot start before this version. */
  #oldest = 100;
  #watches: Exchange[] = [];
  #uids = 0;

  constructor(server: FaultServer) {
    this.#server = server;
    void this.#serve();
  }

  /** Creates, changes or replaces (new uid) the pod. */
  put(name: string, node: string, replace = false): void {
    const held = this.pods.get(name);
    if (held !== undefined && replace) this.remove(name);
    const kept = replace ? undefined : held;
    this.version += 1;
    const uid = kept?.metadata.uid ?? `uid-${(this.#uids += 1)}`;
    const fresh = pod(name, this.version, { uid, node });
    this.pods.set(name, fresh);
    this.#record({ version: this.version, type: kept === undefined ? "ADDED" : "MODIFIED", pod: fresh });
  }

  remove(name: string): void {
    const held = this.pods.get(name);
    if (held === undefined) return;
    this.pods.delete(name);
    this.version += 1;
    const last = { ...held, metadata: { ...held.metadata, resourceVersion: String(this.version) } };
    this.#record({ version: this.version, type: "DELETED", pod: last });
  }

  /** Changes that nobody is told of by a watch, although the watches stay open: only their end reveals it. */
  freeze(): void {
    this.#watches = [];
  }

  /** Repeats one old event, the `back`th from the end, as a confused proxy might. */
  repeat(back: number): void {
    const change = this.#history.at(-back);
    if (change !== undefined) this.#send(change);
  }

  /** Forgets the history: whoever watches from before gets 410. */
  compact(): void {
    this.#history = [];
    this.#oldest = this.version;
  }

  /** An older state comes back, with older versions. */
  restore(pods: ReadonlyMap<string, Pod>, version: number): void {
    this.pods.clear();
    for (const [name, each] of pods) this.pods.set(name, each);
    this.version = version;
    this.compact();
    this.eachWatch((watch) => watch.destroy());
  }

  eachWatch(act: (watch: Exchange) => void): void {
    this.#watches = this.#watches.filter((watch) => !watch.closed);
    for (const watch of this.#watches) act(watch);
  }

  #record(change: Change): void {
    this.#history.push(change);
    this.#send(change);
  }

  #send(change: Change): void {
    const garbled = this.garbleNext;
    this.garbleNext = false;
    this.eachWatch((watch) => {
      if (garbled) watch.raw(`{"type":"${change.type}","obj\n`);
      else watch.event(change.type, change.pod);
    });
  }

  async #serve(): Promise<void> {
    for (;;) {
      const exchange = await this.#server.next();
      if (exchange.isWatch) this.#watch(exchange);
      else this.#list(exchange);
    }
  }

  #list(exchange: Exchange): void {
    const [from = 0, asOf = this.version] = (exchange.query.get("continue") ?? "")
      .split("/")
      .filter(Boolean)
      .map(Number);
    const fault = this.listFaults.shift();
    if (fault === "html") return exchange.send(200, "<html>", { "content-type": "text/html" });
    if (fault === "empty" && from === 0) return exchange.json(podList([], this.version));
    if (fault === "cut" || fault === "empty") return void exchange.open().raw('{"kind":"PodList",').destroy();
    if (fault === "expired") return exchange.refuse(410, "Expired");
    if (fault !== undefined) return exchange.refuse(Number(fault), "Fault");
    // A real server keeps the state of a paged list; this one makes the client begin again when it changed.
    if (asOf !== this.version) return exchange.refuse(410, "Expired");
    const limit = Number(exchange.query.get("limit") ?? Infinity);
    const all = [...this.pods.values()];
    const end = from + limit;
    const more = end < all.length ? { continue: `${end}/${asOf}`, remainingItemCount: all.length - end } : {};
    exchange.json(podList(all.slice(from, end), asOf, more));
  }

  #watch(exchange: Exchange): void {
    const from = Number(exchange.query.get("resourceVersion"));
    const fault = this.watchFaults.shift();
    if (fault === "cut") return exchange.destroy();
    if (fault === "empty") return void exchange.open().end();
    if (fault !== undefined) return exchange.refuse(Number(fault), "Fault");
    if (from < this.#oldest) return exchange.refuse(410, "Expired");
    exchange.open();
    this.#watches.push(exchange);
    // As a real server: a watch from a version to come opens, and is silent until that version came.
    for (const change of this.#history) if (change.version > from) exchange.event(change.type, change.pod);
  }
}
