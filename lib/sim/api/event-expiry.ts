import type { Cluster } from "./cluster.ts";

const lifetime = 3_600_000;
const checkInterval = 60_000;

/** Forgets events an hour after their last write, as a real API server does. Events of a scenario stay. */
export class EventExpiry {
  readonly #cluster: Cluster;
  /** Key → moment of the last write; in the order of these moments. */
  readonly #written = new Map<string, number>();
  readonly #stopListening: () => void;
  readonly #timer: NodeJS.Timeout;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#stopListening = cluster.store.listen((resource, event) => {
      if (resource !== "events") return;
      this.#written.delete(event.entry.key);
      if (event.type !== "DELETED") this.#written.set(event.entry.key, cluster.now());
    });
    this.#timer = setInterval(() => this.sweep(), checkInterval);
    this.#timer.unref();
  }

  /** Removes what is due. */
  sweep(): void {
    const due = this.#cluster.now() - lifetime;
    for (const [key, moment] of this.#written) {
      if (moment > due) break;
      this.#cluster.store.remove("events", key);
    }
  }

  stop(): void {
    this.#stopListening();
    clearInterval(this.#timer);
  }
}
