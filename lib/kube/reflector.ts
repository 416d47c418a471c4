import { sleep } from "./clock.ts";
import { ConsumerError, ConsumerGuard } from "./consumer-guard.ts";
import { type CacheChange, ObjectCache } from "./object-cache.ts";
import { UnreachableError } from "./errors.ts";
import { type ObjectName, resourceName } from "./paths.ts";
import { contradicts, ListTooSlowError, readList, whyBroken, type Known } from "./reflector-list.ts";
import type { GoneObject, ReflectorCounters, ReflectorOptions } from "./reflector-options.ts";
import { sameState, troubledState, type ReflectorState } from "./reflector-state.ts";
import { isOlder } from "./resource-version.ts";
import { outcomeMessage, RetryPolicy, type NextStep, type Outcome } from "./retry-policy.ts";
import { inSlices, isTurnOver, nextTurn } from "./turns.ts";
import { followWatch, WatchLostError } from "./watch.ts";
import type { WatchEvent } from "./watch-event.ts";

const LIST_TIMEOUT_MS = 120_000;
const MAX_LIST_TIMEOUT_MS = 960_000;
const SHOW_STALE_AFTER_MS = 2_000;
const MIN_WATCH_SECONDS = 300;

/** Ends an attempt from our side. */
class HangUp extends Error {}

/** The server may be another one afterwards. One that ends a watch in good order before its time is shutting down. */
function isBreak(outcome: Outcome): boolean {
  if (outcome.type === "closed") return outcome.aliveMs < MIN_WATCH_SECONDS * 1_000;
  return outcome.type === "failed" || outcome.type === "hungUp";
}

/**
 * Reads one kind for those who keep it: lists it page by page, follows its changes, survives whatever the network and the server
 * do. Old data stays until a complete new list replaces it. Callbacks are called one at a time and must not wait.
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
  #options: ReflectorOptions<T>;
  readonly #policy: RetryPolicy;
  readonly #guard: ConsumerGuard;
  readonly #random: () => number;
  readonly #exit: (code: number) => void;
  #state: ReflectorState = { status: "starting", loaded: 0, total: null, message: null };
  /** What consumers hold. */
  #held = new ObjectCache("");
  #synced = false;
  /** A consumer failed, and may hold anything: the next list hands over everything. */
  #wantWhole = false;
  #kind = "";
  #resourceVersion = "";
  #epoch = 0;
  #doubted = false;
  #confirmedAt: number | null = null;
  #heardAt = 0;
  #listTimeoutMs: number;
  #wantList = false;
  /** After a break: is the server still one that knows our version? */
  #mustCheck = false;
  #watching = false;
  /** Cuts the attempt or the wait that is under way. */
  #interrupt = new AbortController();
  #running: AbortController | null = null;
  #ended: Promise<void> = Promise.resolve();

  constructor(options: ReflectorOptions<T>) {
    const { clock } = options.connection;
    this.#exit = options.exit ?? ((code) => process.exit(code));
    this.#options = options;
    this.#random = options.random ?? Math.random;
    this.#policy = new RetryPolicy(clock, this.#random);
    this.#guard = new ConsumerGuard(clock, (error, again) => this.#consumerFailed(error, again), this.#exit);
    this.#listTimeoutMs = options.listTimeoutMs ?? LIST_TIMEOUT_MS;
  }

  get state(): ReflectorState {
    return this.#state;
  }

  /** True from the first complete list on, also when stale. */
  get synced(): boolean {
    return this.#synced;
  }

  /** Objects that consumers hold. */
  get size(): number {
    return this.#held.size;
  }

  /** Consumers hold this object. */
  holds({ namespace, name }: ObjectName): boolean {
    return this.#held.has(namespace === "" ? name : `${namespace}/${name}`);
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
   * While live, an answered health probe counts: nothing having happened is also news. Only a connection that died
   * alone, with the server still answering on others, goes unnoticed for up to 75 s.
   */
  get confirmedAt(): number | null {
    const probed = this.#options.connection.health.lastOkAt;
    if (this.#state.status !== "live" || this.#confirmedAt === null) return this.#confirmedAt;
    return Math.max(this.#confirmedAt, probed ?? 0);
  }

  /** Starts listing and watching. Does nothing when already started. */
  start(): void {
    if (this.#running !== null) return;
    const running = new AbortController();
    this.#running = running;
    const unlisten = this.#options.connection.health.listen((suspicion, askedAt) => {
      if (suspicion === "woke" || this.#heardAt < askedAt) this.#hangUp();
    });
    this.#ended = this.#ended
      .then(() => this.#loop(running.signal))
      .catch((error: unknown) => this.#broke(error))
      .finally(unlisten);
  }

  /** Ends everything under way; what is held stays readable. `start` may be called again. */
  async stop(): Promise<void> {
    this.#running?.abort(new HangUp());
    this.#running = null;
    await this.#ended;
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
      const { step: next, waitMs, trouble } = this.#policy.next(outcome, this.synced);
      if (trouble !== null) this.#showTrouble(trouble, outcome);
      this.#mustCheck ||= isBreak(outcome);
      if (waitMs > 0) await sleep(this.#options.connection.clock, waitMs, signal);
      step = this.#wantList || !this.#synced ? "list" : next;
    }
  }

  async #list(signal: AbortSignal): Promise<Outcome> {
    const startedAt = this.#options.connection.clock.now();
    this.#wantList = false;
    this.counters.lists += 1;
    const isFirst = !this.#synced;
    // Where the history broke, an equal version does not mean an equal object.
    const isWhole = this.#wantWhole || this.#doubted;
    const fresh: T[] = [];
    try {
      const list = await readList(this.#options, this.#listTimeoutMs, signal, {
        project: (raw) => this.#project(raw),
        isHeld: (identity) => !isWhole && this.#held.hasSame(identity),
        onValues: (values) => {
          if (isFirst) this.#guard.call(() => this.#options.onPut(values));
          else for (const value of values) fresh.push(value);
        },
        onAbandoned: (cache) => {
          fresh.length = 0;
          if (isFirst) this.#held.add(cache);
        },
        onBadObject: () => {
          this.counters.badObjects += 1;
        },
        onProgress: (loaded, remaining) => this.#showProgress(loaded, remaining),
      });
      const { cache, kind, resourceVersion } = list;
      const known = this.#known();
      const strange = known !== null && contradicts(known, list);
      // What is known is not thrown away before a second list says the same.
      this.#doubted = strange && !this.#doubted;
      if (this.#doubted) return { type: "doubtful" };
      if (strange || known === null) this.#epoch += 1;
      await this.#handOver(fresh, cache);
      this.#wantWhole &&= !isWhole;
      this.#synced = true;
      this.#kind = kind;
      this.#resourceVersion = resourceVersion;
      this.#mustCheck = false;
      this.#confirmedAt = startedAt;
      this.#guard.call(() => this.#options.onListed?.({ resourceVersion, epoch: this.#epoch }));
      return { type: "listed" };
    } catch (error) {
      if (error instanceof ListTooSlowError && error.loaded > 0) {
        this.#listTimeoutMs = Math.min(MAX_LIST_TIMEOUT_MS, this.#listTimeoutMs * 2);
      }
      return this.#outcomeOf(error, "list");
    }
  }

  /** Makes what consumers hold that of a list: puts what is new in it, removes what is not in it. */
  async #handOver(fresh: readonly T[], listed: ObjectCache): Promise<void> {
    const { onPut, onRemove } = this.#options;
    const gone: string[] = [];
    try {
      for (const key of this.#held.keys()) {
        // 150,000 look-ups at once take 100 ms on a busy machine.
        while (isTurnOver()) await nextTurn();
        if (!listed.has(key)) gone.push(key);
      }
      await inSlices(fresh, (values) => this.#guard.call(() => onPut(values)));
      await inSlices(gone, (keys) =>
        this.#guard.call(() => onRemove(keys.map((key) => this.#goneObject(key, this.#held.uidOf(key))))),
      );
      this.#held = listed;
    } catch (error) {
      this.#held.add(listed);
      throw error;
    }
  }

  async #watch(signal: AbortSignal): Promise<Outcome> {
    const { connection, resource, namespace, labelSelector, fieldSelector, codec } = this.#options;
    const { clock } = connection;
    const startedAt = clock.now();
    const eventsBefore = this.counters.events;
    const cancelStale = clock.after(SHOW_STALE_AFTER_MS, () => this.#showTrouble("unreachable", "no answer"));
    const aliveMs = () => clock.now() - startedAt;
    let isFollowed = false;
    const events = () => this.counters.events - eventsBefore;
    this.counters.watches += 1;
    this.#heardAt = startedAt;
    this.#watching = true;
    const watch = {
      resource,
      namespace,
      labelSelector,
      fieldSelector,
      codec,
      signal,
      resourceVersion: this.#resourceVersion,
      timeoutSeconds: MIN_WATCH_SECONDS + Math.floor(this.#random() * 301),
      kind: this.#kind,
      timeouts: this.#options.watchTimeouts,
    };
    try {
      const broken = await this.#whyBroken(signal);
      if (broken !== null) return { type: "lost", reason: broken };
      this.#mustCheck = false;
      await followWatch(connection, watch, {
        opened: () => {
          cancelStale();
          isFollowed = true;
          // Whatever happened until it was asked for comes in the same breath.
          this.#confirmedAt = startedAt;
          this.#show({ status: "live" });
        },
        heard: () => {
          this.#heardAt = clock.now();
          this.#confirmedAt = this.#heardAt;
        },
        event: (event) => this.#take(event),
      });
      return { type: "closed", aliveMs: aliveMs(), events: events() };
    } catch (error) {
      return this.#outcomeOf(error, "watch", isFollowed ? aliveMs() : 0);
    } finally {
      cancelStale();
      this.#watching = false;
      this.#policy.noteWatch(aliveMs(), events());
    }
  }

  #known(): Known | null {
    return this.#synced ? { cache: this.#held, resourceVersion: this.#resourceVersion } : null;
  }

  /** Why the watch cannot go on after a break, or null. */
  async #whyBroken(signal: AbortSignal): Promise<string | null> {
    const known = this.#mustCheck ? this.#known() : null;
    return known && whyBroken(this.#options, known, signal, (raw) => this.#project(raw));
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
        const changes = this.#held.apply(event, (raw) => this.#project(raw));
        this.#advance(resourceVersion);
        for (const change of changes) this.#tell(change);
      }
    }
  }

  #tell(change: CacheChange<T>): void {
    const { onPut, onRemove } = this.#options;
    if (change.type === "put") return this.#guard.call(() => onPut([change.value]));
    try {
      this.#guard.call(() => onRemove([this.#goneObject(change.key, change.uid)]));
    } catch (error) {
      this.#held.doubt(change.key);
      throw error;
    }
  }

  #goneObject(key: string, uid: string): GoneObject {
    const slash = this.#options.resource.namespaced ? key.indexOf("/") : -1;
    return { namespace: key.slice(0, Math.max(0, slash)), name: key.slice(slash + 1), uid };
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

  #consumerFailed(error: unknown, again: boolean): void {
    this.counters.consumerFailures += 1;
    this.#wantWhole = true;
    this.#warn("a consumer failed", error);
    if (again) this.#options.connection.log.error(this.#who(), "a consumer failed twice within a minute");
    else this.resync();
  }

  /** A fault of our own. Standing still in silence would be worse than a restart. */
  #broke(error: unknown): void {
    this.#warn("the reflector broke", error);
    this.#exit(1);
  }

  #outcomeOf(error: unknown, during: "list" | "watch", followedMs = 0): Outcome {
    if (error instanceof HangUp) return { type: "hungUp" };
    // Whatever it was that sent it: next time in the encoding that everybody speaks.
    if (error instanceof UnreachableError && error.why === "badProtobuf")
      this.#options = { ...this.#options, protobuf: undefined };
    if (error instanceof ConsumerError) return { type: "lost", reason: error.message };
    if (error instanceof WatchLostError) {
      this.counters.badStreams += 1;
      this.#warn("watch given up", error);
      return { type: "lost", reason: error.message };
    }
    return { type: "failed", during, error, followedMs };
  }

  #showProgress(loaded: number, remaining: number | null): void {
    if (this.#synced) return;
    const total = remaining === null ? null : loaded + remaining;
    this.#show({ status: "starting", loaded, total, message: null });
  }

  #showTrouble(trouble: NonNullable<NextStep["trouble"]>, outcome: Outcome | "no answer"): void {
    const { clock, loginHint } = this.#options.connection;
    const reason = outcome === "no answer" ? "the API server does not answer" : outcomeMessage(outcome);
    const message = trouble === "loginExpired" && loginHint !== null ? `${reason}: ${loginHint}` : reason;
    // While it was live, the probe's word counted too.
    this.#confirmedAt = this.confirmedAt;
    this.#show(troubledState(this.#state, trouble, message, clock.now(), this.#confirmedAt));
  }

  #show(state: ReflectorState): void {
    const { log } = this.#options.connection;
    if (sameState(this.#state, state)) return;
    if (state.status !== this.#state.status) {
      log.info({ ...this.#who(), from: this.#state.status, to: state.status }, "reflector state");
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
