/** How current what is on the screen is. */
export interface Freshness {
  /** `connecting` until the first answer; `lost`: the connection is known to be down. */
  readonly connection: "connecting" | "open" | "lost";
  /** The server's own data is old: it has lost the cluster. */
  readonly serverStale: boolean;
  /** The server has not read the cluster yet, so there is no data that could be current; null before it has said so or not. */
  readonly unread: boolean | null;
  /** What the server is reading for the first time and how far that is; null: nothing, or it has not said. */
  readonly reading: string | null;
  /** When the data was last known to be current, in milliseconds since the epoch; null before the first answer. */
  readonly currentAt: number | null;
  /** Changes are not applied since this time; null when they are. */
  readonly pausedAt: number | null;
}

/** Writes are refused when the data is older than this. */
export const staleAfterMs = 60_000;

const newsMs = 1_000;

let state: Freshness = {
  connection: "connecting",
  serverStale: false,
  unread: null,
  reading: null,
  currentAt: null,
  pausedAt: null,
};
const listeners = new Set<() => void>();

export const freshness = {
  get: (): Freshness => state,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  set(change: Partial<Freshness>): void {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  },
  /** Whether the server has read the cluster, and what it is reading. True when it had not when it was asked before. */
  read(ready: boolean, reading: string | null): boolean {
    const { unread } = state;
    if (unread === !ready && reading === state.reading) return false;
    freshness.set({ unread: !ready, reading, ...(ready ? {} : { currentAt: null }) });
    return ready && unread === true;
  },
  /** An answer of the server whose data was `ageMs` old when it left. */
  answered(ageMs: number, now = Date.now()): void {
    if (state.unread !== false || !isNews(now - ageMs)) return;
    freshness.set({ currentAt: now - ageMs });
  },
  /** The stream gave a sign of life: what it has sent is current, unless the server itself has lost the cluster. */
  alive(now = Date.now()): void {
    if (state.connection === "open" && !isNews(now)) return;
    freshness.set(
      state.serverStale || state.unread !== false
        ? { connection: "open" }
        : { connection: "open", currentAt: now },
    );
  },
};

/** Ages are shown in seconds: less is not worth drawing anything. */
function isNews(currentAt: number): boolean {
  return state.currentAt === null || currentAt - state.currentAt >= newsMs;
}

/** Why nothing may be written now, or null. */
export function writeObstacle(current: Freshness, now: number): string | null {
  if (current.connection === "lost")
    return "The connection to Poolboard is down. Changes wait until it is back.";
  if (current.serverStale) return "Poolboard has lost the cluster. Changes wait until it is back.";
  if (current.currentAt !== null && now - current.currentAt > staleAfterMs) {
    return "This data is older than a minute. Changes wait until it is current.";
  }
  return null;
}
