import type { Query, QueryClient, QueryFilters } from "@tanstack/react-query";
import { freshness } from "./freshness.ts";

/** Until the server says otherwise. */
const firstPaceMs = 500;

/**
 * Asks again for what the stream has marked as changed and a page shows: at once after a quiet while, under steady change once
 * in so many milliseconds as the server wants. A query that is under way is not started twice: it is asked once more when its
 * answer, which may be the older one, has come. A tab that nobody sees waits until somebody does.
 */
class Pace {
  /** Milliseconds between two rounds. */
  everyMs = firstPaceMs;
  readonly #client: QueryClient;
  readonly #due = new Set<Query>();
  readonly #askedOnceMore = new WeakSet<Promise<unknown>>();
  #lastRound = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: QueryClient) {
    this.#client = client;
  }

  /** The answers to these are old; those that no page shows are asked when one does. */
  mark(filters: QueryFilters): void {
    for (const query of this.#client.getQueryCache().findAll(filters)) {
      if (query.state.fetchStatus !== "fetching") this.#owe(query);
      else this.askOnceMore(query);
    }
  }

  /** Follows the request that is under way by one more; nothing waits for it. */
  askOnceMore(query: Query): void {
    const { promise } = query;
    if (!promise || this.#askedOnceMore.has(promise)) return;
    this.#askedOnceMore.add(promise);
    void promise
      .then(() => this.#owe(query))
      .catch(() => {
        // Without an answer there is none that could be too old.
      });
  }

  #owe(query: Query): void {
    query.invalidate();
    if (!query.isActive()) return;
    this.#due.add(query);
    this.soon();
  }

  /** For a tab that is seen again, and pages that go on. */
  soon(): void {
    if (this.#timer !== undefined || this.#due.size === 0) return;
    // Many browsers were told at the same moment; they need not come back at one.
    const since = Date.now() - this.#lastRound;
    const wait = Math.max(0, this.everyMs * (0.75 + Math.random() / 2) - since);
    this.#timer = setTimeout(() => this.#round(), wait);
  }

  #round(): void {
    this.#timer = undefined;
    if (freshness.get().pausedAt !== null || isHidden()) return;
    const due = new Set([...this.#due].filter(({ state }) => state.isInvalidated));
    this.#due.clear();
    if (due.size === 0) return;
    this.#lastRound = Date.now();
    void this.#client.refetchQueries(
      { type: "active", predicate: (query) => due.has(query) },
      { cancelRefetch: false },
    );
  }
}

const isHidden = () => typeof document !== "undefined" && document.hidden;

const paces = new WeakMap<QueryClient, Pace>();

/** The pace of a cache; one each. */
export function paceOf(client: QueryClient): Pace {
  let pace = paces.get(client);
  if (!pace) paces.set(client, (pace = new Pace(client)));
  return pace;
}
