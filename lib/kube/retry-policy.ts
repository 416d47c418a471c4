import type { Clock } from "./clock.ts";
import { ApiError, CredentialError } from "./errors.ts";

/** How a list or a watch ended. */
export type Outcome =
  | { readonly type: "listed" }
  /** The list contradicts what was known so far; a second one has to agree. */
  | { readonly type: "doubtful" }
  | { readonly type: "closed"; readonly aliveMs: number; readonly events: number }
  /** The version to watch from is gone (410), or lines of the stream were lost. */
  | { readonly type: "lost"; readonly reason: string }
  /** We hung up ourselves: after a sleep, or because nobody answers any more. */
  | { readonly type: "hungUp" }
  | {
      readonly type: "failed";
      readonly during: "list" | "watch";
      readonly error: unknown;
      /** Age of a watch that broke; 0 for one that was never accepted, and for a list. */
      readonly followedMs: number;
    };

export type Trouble = "unreachable" | "forbidden" | "notInstalled" | "loginExpired";

export interface NextStep {
  readonly step: "list" | "watch";
  readonly waitMs: number;
  /** Null when all is well. */
  readonly trouble: Trouble | null;
}

const FIRST_BACKOFF_MS = 200;
const MAX_BACKOFF_MS = 5_000;
const SECOND_RELIST_MS = 10_000;
const LATER_RELIST_MS = 17_000;
const CONFIRM_AFTER_MS = 1_000;
const FORBIDDEN_RETRY_MS = 300_000;
const NOT_INSTALLED_RETRY_MS = 60_000;
/** Whoever is asked by a plugin is not to be asked without pause; a file costs nothing to look at. */
const PLUGIN_RETRY_MS = 30_000;
const LOGIN_RETRY_MS = 10_000;
const HEALTHY_MS = 60_000;
const LASTING_MS = 1_000;
const MAX_REFUSED_WATCHES = 5;

/** Decides what a reflector does next and when. Knows nothing of sockets and objects. */
export class RetryPolicy {
  readonly #clock: Clock;
  readonly #random: () => number;
  #failures = 0;
  #refusedWatches = 0;
  #relists = 0;
  #lastListAt: number | null = null;
  #denials = 0;

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  /** To be told of every event, and of the end of every watch. */
  noteWatch(aliveMs: number, events: number): void {
    if (events === 0 && aliveMs < HEALTHY_MS) return;
    this.#failures = 0;
    this.#refusedWatches = 0;
    this.#denials = 0;
    if (aliveMs >= HEALTHY_MS) this.#relists = 0;
  }

  /** `synced`: there is data from before, so the trouble may be a restart of the API server and is retried sooner. */
  next(outcome: Outcome, synced: boolean): NextStep {
    switch (outcome.type) {
      case "listed":
        this.#lastListAt = this.#clock.now();
        return { step: "watch", waitMs: 0, trouble: null };
      case "doubtful":
        return { step: "list", waitMs: CONFIRM_AFTER_MS, trouble: null };
      case "hungUp":
        return { step: "watch", waitMs: 0, trouble: null };
      case "closed": {
        const tooShort = outcome.aliveMs < LASTING_MS && outcome.events === 0;
        return {
          step: "watch",
          waitMs: tooShort ? this.#backoff() : 0,
          trouble: tooShort ? "unreachable" : null,
        };
      }
      case "lost":
        return this.#relist();
      case "failed":
        if (outcome.followedMs >= LASTING_MS && !(outcome.error instanceof ApiError))
          return this.#reconnect();
        // A server that took the watch is there: what failed before counts once. A row of cuts would else keep us away longer
        // than the network does (over 200 faults the slowest 5 % took twice the second that they may).
        if (outcome.followedMs > 0) this.#failures = Math.min(this.#failures, 1);
        return this.#afterFailure(outcome.during, outcome.error, synced);
    }
  }

  #afterFailure(during: "list" | "watch", error: unknown, synced: boolean): NextStep {
    if (during === "list") this.#lastListAt = this.#clock.now();
    if (error instanceof CredentialError)
      return { step: during, waitMs: PLUGIN_RETRY_MS, trouble: "loginExpired" };
    if (!(error instanceof ApiError))
      return { step: during, waitMs: this.#backoff(), trouble: "unreachable" };
    const { status } = error;
    switch (status) {
      case 401:
        return { step: during, waitMs: LOGIN_RETRY_MS, trouble: "loginExpired" };
      case 403:
        return { step: "list", waitMs: this.#patience(FORBIDDEN_RETRY_MS, synced), trouble: "forbidden" };
      case 404:
        if (error.reason !== "NotFound") break;
        return {
          step: "list",
          waitMs: this.#patience(NOT_INSTALLED_RETRY_MS, synced),
          trouble: "notInstalled",
        };
      case 400:
      case 410:
        return this.#relist();
    }
    const asked = error.retryAfter === null ? 0 : clamp(error.retryAfter, 1, 60) * 1000;
    if (during === "list") {
      // Asking a server that is short of breath for everything again is the most expensive thing we can do.
      if (status === 429) this.#relists = Math.max(this.#relists, 1);
      const waitMs = status === 429 ? this.#relist().waitMs : this.#backoff();
      return { step: "list", waitMs: Math.max(asked, waitMs), trouble: "unreachable" };
    }
    this.#refusedWatches += 1;
    if (this.#refusedWatches >= MAX_REFUSED_WATCHES || isFutureVersion(error)) return this.#relist();
    return { step: "watch", waitMs: Math.max(asked, this.#backoff()), trouble: "unreachable" };
  }

  /**
   * A connection that broke after it had served is no sign of a sick server: the first try is soon, however many broke before,
   * and is no trouble before it fails or goes unanswered.
   */
  #reconnect(): NextStep {
    this.#failures = 0;
    return { step: "watch", waitMs: this.#backoff(), trouble: null };
  }

  /**
   * The first relist is immediate, the second 10 s after it, all others 17 s: four a minute at most, and whoever comes back from
   * an outage does not wait longer than 15 s, because the outage counts.
   */
  #relist(): NextStep {
    this.#refusedWatches = 0;
    const least = this.#relists === 0 ? 0 : this.#relists === 1 ? SECOND_RELIST_MS : LATER_RELIST_MS;
    const apart = least * (1 + 0.05 * this.#random());
    this.#relists += 1;
    const due = (this.#lastListAt ?? this.#clock.now()) + apart;
    const waitMs = clamp(due - this.#clock.now(), 0, apart);
    return { step: "list", waitMs, trouble: waitMs > 0 ? "unreachable" : null };
  }

  /** 0.2 s doubling to 5 s, give or take 30 %. */
  #backoff(): number {
    const base = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(this.#failures, 10));
    this.#failures += 1;
    return base * (0.7 + 0.6 * this.#random());
  }

  /** A starting API server denies what it will soon allow: with data from before, ask thrice before settling down. */
  #patience(settledMs: number, synced: boolean): number {
    this.#denials += 1;
    return synced && this.#denials <= 3 ? 4_000 : settledMs;
  }
}

/** A restored or replaced storage has not reached our version yet and may never: waiting for it would wait for ever. */
function isFutureVersion(error: ApiError): boolean {
  return error.details.causes.some((cause) => cause.reason === "ResourceVersionTooLarge");
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** One line for people. */
export function outcomeMessage(outcome: Outcome): string {
  switch (outcome.type) {
    case "failed":
      return outcome.error instanceof Error ? outcome.error.message : "unknown error";
    case "lost":
      return outcome.reason;
    case "closed":
      return "the API server closes watches at once";
    default:
      return "reconnecting";
  }
}
