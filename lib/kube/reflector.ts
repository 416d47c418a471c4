import { sleep } from "./clock.ts";
import type { ClusterConnection } from "./connection.ts";
import { UnreachableError } from "./errors.ts";
import { listPages } from "./objects.ts";
import { ObjectCache, type CacheChange } from "./object-cache.ts";
import { resourceName, type ResourceRef } from "./paths.ts";
import { sameState, troubledState, type ReflectorState } from "./reflector-state.ts";
import { get, type JsonCodec, type Timeouts } from "./request.ts";
import { isOlder } from "./resource-version.ts";
import { RetryPolicy, type NextStep, type Outcome } from "./retry-policy.ts";
import { followWatch, WatchLostError } from "./watch.ts";
import { identify, type WatchEvent } from "./watch-event.ts";

export interface ReflectorOptions<T> {
  readonly connection: ClusterConnection;
  readonly resource: ResourceRef;
  /** One namespace only; all when absent. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Reduces a raw object to what is kept of it; null when it is of no interest. Must not keep the raw object. */
  readonly project: (raw: unknown) => T | null;
  /** The whole contents, after every list: what is not in it is gone. A new epoch means that the history broke. */
  readonly onReplace: (
    items: readonly T[],
    info: { readonly resourceVersion: string; readonly epoch: number },
  ) => void;
  readonly onEvent: (change: CacheChange<T>, info: { readonly resourceVersion: string }) => void;
  readonly onState?: (state: ReflectorState) => void;
  /** Objects per list page, 500 unless said. */
  readonly pageSize?: number;
  readonly codec?: JsonCodec;
  /** Between 0 and 1, for jitter. */
  readonly random?: () => number;
  /** For the whole list, 120 s unless said; doubled after a list that was too slow but did arrive. */
  readonly listTimeoutMs?: number;
  readonly pageTimeouts?: Timeouts;
  readonly watchTimeouts?: Timeouts;
  /** Called when consumers failed twice within a minute; ends the process unless said. */
  readonly exit?: (code: number) => void;
}

/** What went wrong so far, for metrics. */
export interface ReflectorCounters {
  lists: number;
  watches: number;
  events: number;
  /** Objects without name or version, of the wrong kind, or that `project` threw on. */
  badObjects: number;
  /** Watches given up because a line could not be read. */
  badStreams: number;
  consumerFailures: number;
}

const LIST_TIMEOUT_MS = 120_000;
const MAX_LIST_TIMEOUT_MS = 960_000;
const SHOW_STALE_AFTER_MS = 2_000;
const CONSUMER_FAILURE_WINDOW_MS = 60_000;

/** A callback threw. Its owner's picture may be half updated, so it gets the whole contents again. */
class ConsumerError extends Error {}
/** Ends an attempt from our side. */
class HangUp extends Error {}

/**
 * Keeps a slim copy of one kind: lists it page by page, follows its changes, survives whatever the network and the server do.
 * Old data stays until a complete new list replaces it. Callbacks are called one at a time and must not wait.
 */
export class Reflector<T> {
  readonly counters: ReflectorCounters = {
    lists: 0,
    watches: 0,
    events: 0,
    badObjects: 0,
    badStreams: 0,
    consumerFailures: 0,
  };
  readonly #options: ReflectorOptions<T>;
  readonly #policy: RetryPolicy;
  readonly #random: () => number;
  #state: ReflectorState = { status: "starting", loaded: 0, total: null, message: null };
  #cache: ObjectCache<T> | null = null;
  #kind = "";
  #resourceVersion = "";
  #epoch = 0;
  #doubted = false;
  #confirmedAt: number | null = null;
  #heardAt = 0;
  #listTimeoutMs: number;
  #consumerFailedAt: number | null = null;
  #wantList = false;
  #watching = false;
  /** Cuts the attempt or the wait that is under way. */
  #interrupt = new AbortController();
  #run: { control: AbortController; done: Promise<void> } | null = null;

  constructor(options: ReflectorOptions<T>) {
    this.#options = options;
    this.#random = options.random ?? Math.random;
    this.#policy = new RetryPolicy(options.connection.clock, this.#random);
    this.#listTimeoutMs = options.listTimeoutMs ?? LIST_TIMEOUT_MS;
  }

  get state(): ReflectorState {
    return this.#state;
  }

  /** True from the first complete list on, also when stale. */
  get synced(): boolean {
    return this.#cache !== null;
  }

  get size(): number {
    return this.#cache?.size ?? 0;
  }

  /** Rises when versions stopped being comparable with those before: never mix two epochs. 0 before the first list. */
  get epoch(): number {
    return this.#epoch;
  }

  get resourceVersion(): string {
    return this.#resourceVersion;
  }

  /**
   * When the held data was last known to be right (milliseconds since 1970), or null before the first list.
   * While live, an answered health probe counts: nothing having happened is also news. A connection that is dead in one
   * direction only can go unnoticed for 75 s.
   */
  get confirmedAt(): number | null {
    const probed = this.#options.connection.health.lastOkAt;
    if (this.#state.status !== "live" || this.#confirmedAt === null || probed === null)
      return this.#confirmedAt;
    return Math.max(this.#confirmedAt, probed);
  }

  /** Starts listing and watching. Does nothing when already started. */
  start(): void {
    if (this.#run !== null) return;
    const control = new AbortController();
    const unlisten = this.#options.connection.health.listen((suspicion, askedAt) => {
      if (suspicion === "woke" || this.#heardAt < askedAt) this.#hangUp();
    });
    this.#run = { control, done: this.#loop(control.signal).finally(unlisten) };
  }

  /** Ends everything under way; what is held stays readable. `start` may be called again. */
  async stop(): Promise<void> {
    const run = this.#run;
    this.#run = null;
    run?.control.abort(new HangUp());
    this.#interrupt.abort(new HangUp());
    await run?.done;
  }

  /** Lists again now, whatever is under way. */
  resync(): void {
    this.#wantList = true;
    this.#interrupt.abort(new HangUp());
  }

  #hangUp(): void {
    if (this.#watching) this.#interrupt.abort(new HangUp());
  }

  async #loop(stopped: AbortSignal): Promise<void> {
    let step: NextStep["step"] = "list";
    while (!stopped.aborted) {
      this.#interrupt = new AbortController();
      const signal = AbortSignal.any([stopped, this.#interrupt.signal]);
      const outcome = step === "list" ? await this.#list(signal) : await this.#watch(signal);
      if (stopped.aborted) return;
      const next = this.#policy.next(outcome, this.synced);
      if (next.trouble !== null) this.#showTrouble(next.trouble, outcome);
      if (next.waitMs > 0 && !signal.aborted)
        await sleep(this.#options.connection.clock, next.waitMs, signal);
      step = this.#wantList || this.#cache === null ? "list" : next.step;
    }
  }

  async #list(signal: AbortSignal): Promise<Outcome> {
    const { connection, resource, namespace, labelSelector, fieldSelector, codec } = this.#options;
    const startedAt = connection.clock.now();
    const deadline = new AbortController();
    const late = new UnreachableError(
      "timeout",
      "maybe",
      `the list did not end within ${this.#listTimeoutMs / 1000} s`,
    );
    const cancelDeadline = connection.clock.after(this.#listTimeoutMs, () => deadline.abort(late));
    this.#wantList = false;
    this.counters.lists += 1;
    let cache = new ObjectCache<T>();
    let loaded = 0;
    try {
      let resourceVersion = "";
      let kind = "";
      const pages = listPages(connection, resource, {
        namespace,
        labelSelector,
        fieldSelector,
        codec,
        pageSize: this.#options.pageSize,
        timeouts: this.#options.pageTimeouts,
        signal: AbortSignal.any([signal, deadline.signal]),
      });
      for await (const page of pages) {
        if (page.restarted) {
          cache = new ObjectCache<T>();
          loaded = 0;
        }
        ({ kind, resourceVersion } = page);
        for (const item of page.items) this.#collect(cache, item, kind);
        loaded += page.items.length;
        this.#showProgress(loaded, page.remaining);
      }
      if (this.#isDoubtful(resourceVersion, cache.size)) return { type: "doubtful" };
      this.#kind = kind;
      this.#resourceVersion = resourceVersion;
      this.#cache = cache;
      this.#confirmedAt = startedAt;
      const items = cache.values();
      this.#tell(() => this.#options.onReplace(items, { resourceVersion, epoch: this.#epoch }));
      return { type: "listed" };
    } catch (error) {
      if (deadline.signal.aborted && loaded > 0)
        this.#listTimeoutMs = Math.min(MAX_LIST_TIMEOUT_MS, this.#listTimeoutMs * 2);
      return this.#ended(error, "list");
    } finally {
      cancelDeadline();
    }
  }

  #collect(cache: ObjectCache<T>, item: unknown, kind: string): void {
    const identity = identify(item);
    // Lists of built-in kinds leave the kind of their items out.
    const itemKind = get(item, "kind");
    if (identity === null || (itemKind !== undefined && itemKind !== kind)) {
      this.counters.badObjects += 1;
      return;
    }
    const value = this.#project(item);
    if (value !== null) cache.put(identity, value);
  }

  /** A restored backup or a broken proxy: what is known is not thrown away before a second list says the same. */
  #isDoubtful(resourceVersion: string, size: number): boolean {
    const before = this.#cache;
    const strange =
      before !== null && (isOlder(resourceVersion, this.#resourceVersion) || (size === 0 && before.size > 1));
    const doubtful = strange && !this.#doubted;
    this.#doubted = doubtful;
    if (!doubtful && (strange || before === null)) this.#epoch += 1;
    return doubtful;
  }

  async #watch(signal: AbortSignal): Promise<Outcome> {
    const { connection, resource, namespace, labelSelector, fieldSelector, codec } = this.#options;
    const { clock } = connection;
    const startedAt = clock.now();
    const eventsBefore = this.counters.events;
    const cancelStale = clock.after(SHOW_STALE_AFTER_MS, () => {
      this.#show(
        troubledState(
          this.#state,
          "unreachable",
          "the API server does not answer",
          clock.now(),
          this.#confirmedAt,
        ),
      );
    });
    this.counters.watches += 1;
    this.#heardAt = startedAt;
    this.#watching = true;
    try {
      await followWatch(
        connection,
        {
          resource,
          namespace,
          labelSelector,
          fieldSelector,
          codec,
          signal,
          resourceVersion: this.#resourceVersion,
          timeoutSeconds: 300 + Math.floor(this.#random() * 301),
          kind: this.#kind,
          timeouts: this.#options.watchTimeouts,
        },
        {
          opened: () => {
            cancelStale();
            this.#show({ status: "live" });
          },
          heard: () => {
            this.#heardAt = clock.now();
            this.#confirmedAt = this.#heardAt;
          },
          event: (event) => this.#take(event),
        },
      );
      return {
        type: "closed",
        aliveMs: clock.now() - startedAt,
        events: this.counters.events - eventsBefore,
      };
    } catch (error) {
      return this.#ended(error, "watch");
    } finally {
      cancelStale();
      this.#watching = false;
      this.#policy.noteWatch(clock.now() - startedAt, this.counters.events - eventsBefore);
    }
  }

  #take(event: WatchEvent): void {
    switch (event.type) {
      case "ERROR":
        throw event.error ?? new WatchLostError("the watch reported an error without saying which");
      case "BOOKMARK":
        return this.#advance(event.resourceVersion);
      case "bad":
        this.counters.badObjects += 1;
        return;
      case "unknown":
        return;
      default: {
        this.counters.events += 1;
        const { resourceVersion } = event.identity;
        const changes = this.#cache?.apply(event, (raw) => this.#project(raw)) ?? [];
        this.#advance(resourceVersion);
        for (const change of changes) this.#tell(() => this.#options.onEvent(change, { resourceVersion }));
      }
    }
  }

  #advance(resourceVersion: string): void {
    if (!isOlder(resourceVersion, this.#resourceVersion)) this.#resourceVersion = resourceVersion;
  }

  #project(raw: unknown): T | null {
    try {
      return this.#options.project(raw);
    } catch (error) {
      this.counters.badObjects += 1;
      this.#warn("an object could not be read", error);
      return null;
    }
  }

  /** Calls a consumer. Throws ConsumerError if it does. */
  #tell(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.counters.consumerFailures += 1;
      this.#warn("a consumer failed", error);
      const now = this.#options.connection.clock.now();
      const before = this.#consumerFailedAt;
      this.#consumerFailedAt = now;
      if (before !== null && now - before < CONSUMER_FAILURE_WINDOW_MS) {
        this.#options.connection.log.error(this.#who(), "consumers fail again and again, ending the process");
        (this.#options.exit ?? process.exit)(1);
      }
      throw new ConsumerError("a consumer failed");
    }
  }

  #ended(error: unknown, during: "list" | "watch"): Outcome {
    if (error instanceof HangUp) return { type: "hungUp" };
    if (error instanceof ConsumerError) return { type: "lost", reason: error.message };
    if (error instanceof WatchLostError) {
      this.counters.badStreams += 1;
      this.#warn("watch given up", error);
      return { type: "lost", reason: error.message };
    }
    return { type: "failed", during, error };
  }

  #showProgress(loaded: number, remaining: number | null): void {
    if (this.#cache !== null) return;
    const total = remaining === null ? null : loaded + remaining;
    this.#show({ status: "starting", loaded, total, message: null });
  }

  #showTrouble(trouble: NonNullable<NextStep["trouble"]>, outcome: Outcome): void {
    const { clock, loginHint } = this.#options.connection;
    const reason = describe(outcome);
    const message = trouble === "loginExpired" && loginHint !== null ? `${reason}: ${loginHint}` : reason;
    this.#show(troubledState(this.#state, trouble, message, clock.now(), this.#confirmedAt));
  }

  #show(state: ReflectorState): void {
    if (sameState(this.#state, state)) return;
    if (state.status !== this.#state.status) {
      this.#options.connection.log.info(
        { ...this.#who(), from: this.#state.status, to: state.status },
        "reflector state",
      );
    }
    this.#state = state;
    try {
      this.#options.onState?.(state);
    } catch (error) {
      this.#warn("a state listener failed", error);
    }
  }

  #warn(message: string, error: unknown): void {
    const reason = error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 300) : "unknown";
    this.#options.connection.log.warn({ ...this.#who(), reason }, message);
  }

  #who(): { resource: string } {
    return { resource: resourceName(this.#options.resource) };
  }
}

function describe(outcome: Outcome): string {
  switch (outcome.type) {
    case "failed": {
      const { error } = outcome;
      return error instanceof Error ? error.message : "unknown error";
    }
    case "lost":
      return outcome.reason;
    case "closed":
      return "the API server closes watches at once";
    default:
      return "reconnecting";
  }
}
