import type { QueryClient } from "@tanstack/react-query";
import type { ResetEvent } from "../contract/events.ts";
import { applyChange, putTotals } from "./apply-change.ts";
import { clusterQueries, readCluster } from "./cluster.ts";
import { eventReader, type StreamEvent } from "./event-stream.ts";
import { freshness } from "./freshness.ts";
import { seenVersions } from "./http.ts";
import { paceOf } from "./pace.ts";
import { shape, shaped } from "./schemas.ts";

/** Silence after which the stream counts as dead; the server speaks every 15 s. */
const silenceMs = 45_000;
/** A busy stream comes in many pieces a second; the age on the screen is in whole ones. */
const aliveEveryMs = 1_000;
const firstWaitMs = 500;
const longestWaitMs = 15_000;

/** What the tab that holds the stream tells the others of the same browser. */
type Relay =
  { kind: "event"; event: StreamEvent } | { kind: "alive" } | { kind: "lost" } | { kind: "reconnect" };

/**
 * Keeps the query cache live: one event stream per browser, held by one tab and relayed to the others (a browser opens
 * about six connections per host), reconnected for ever. Returns what stops it.
 */
export function startLive(client: QueryClient): () => void {
  const stop = new AbortController();
  const channel = new BroadcastChannel("poolboard-live");
  const receive = (message: Relay) => {
    if (message.kind === "alive") freshness.alive();
    else if (message.kind === "lost") freshness.set({ connection: "lost" });
    else if (message.kind === "event") onEvent(client, message.event);
  };
  const wake = { now: () => {} };
  channel.onmessage = (message: MessageEvent<Relay>) => {
    if (message.data.kind === "reconnect") wake.now();
    else receive(message.data);
  };
  const onSeen = () => paceOf(client).soon();
  document.addEventListener("visibilitychange", onSeen);
  const hold = () =>
    holdStream(stop.signal, wake, (message) => {
      receive(message);
      channel.postMessage(message);
    });
  reconnectNow = () => {
    wake.now();
    channel.postMessage({ kind: "reconnect" } satisfies Relay);
  };
  // Locks exist only where the page counts as secure; elsewhere each tab holds its own stream.
  if ("locks" in navigator) {
    navigator.locks.request("poolboard-live", { signal: stop.signal }, hold).catch(() => {});
  } else void hold();
  return () => {
    stop.abort();
    channel.close();
    document.removeEventListener("visibilitychange", onSeen);
  };
}

let reconnectNow = () => {};

/** Tries the connection again at once instead of after the wait. */
export function reconnect(): void {
  reconnectNow();
}

async function holdStream(
  stop: AbortSignal,
  wake: { now: () => void },
  tell: (message: Relay) => void,
): Promise<void> {
  let waitMs = firstWaitMs;
  while (!stop.aborted) {
    const spoke = await readStream(stop, tell);
    if (stop.aborted) return;
    tell({ kind: "lost" });
    if (spoke) waitMs = firstWaitMs;
    await sleep(waitMs * (0.7 + Math.random() * 0.6), stop, wake);
    waitMs = Math.min(waitMs * 2, longestWaitMs);
  }
}

/** Reads one connection to its end; true when anything came. */
async function readStream(stop: AbortSignal, tell: (message: Relay) => void): Promise<boolean> {
  const silent = new AbortController();
  let timer = setTimeout(() => silent.abort(), silenceMs);
  let spoke = false;
  let toldAt = 0;
  try {
    const response = await fetch("/api/v1/events", {
      headers: { accept: "text/event-stream" },
      signal: AbortSignal.any([stop, silent.signal]),
    });
    if (!response.ok || !response.body) return false;
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const read = eventReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return spoke;
      spoke = true;
      clearTimeout(timer);
      timer = setTimeout(() => silent.abort(), silenceMs);
      if (Date.now() - toldAt >= aliveEveryMs) {
        toldAt = Date.now();
        tell({ kind: "alive" });
      }
      for (const event of read(value)) tell({ kind: "event", event });
    }
  } catch {
    return spoke;
  } finally {
    clearTimeout(timer);
  }
}

function sleep(ms: number, stop: AbortSignal, wake: { now: () => void }): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      stop.removeEventListener("abort", end);
      window.removeEventListener("online", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    wake.now = end;
    stop.addEventListener("abort", end);
    window.addEventListener("online", end);
  });
}

function onEvent(client: QueryClient, event: StreamEvent): void {
  let body: unknown;
  try {
    body = JSON.parse(event.data);
  } catch {
    return resync(client, null);
  }
  if (event.name === "hello") {
    const hello = shaped(body, shape("HelloEvent"));
    if (!hello) return;
    takeFacts(client, hello);
    greet(client, hello.version);
  } else if (event.name === "reset") {
    const reset = shaped(body, shape("ResetEvent"));
    if (!reset) return resync(client, null);
    takeFacts(client, reset);
    resync(client, reset.version);
  } else if (event.name === "change") {
    const change = shaped(body, shape("ChangeEvent"));
    if (!change) return resync(client, null);
    seenVersions.stream = change.version;
    takeFacts(client, change);
    if (freshness.get().pausedAt === null) applyChange(client, change);
  }
}

/** What every event says whatever it is about; its totals are of the version that it names. */
function takeFacts(
  client: QueryClient,
  { totals, reading, stale, paceMs }: Omit<ResetEvent, "version">,
): void {
  if (paceMs !== undefined) paceOf(client).everyMs = paceMs;
  if (stale !== undefined && stale !== freshness.get().serverStale) freshness.set({ serverStale: stale });
  readCluster(client, totals !== undefined || reading === undefined, reading);
  if (totals && freshness.get().pausedAt === null) putTotals(client, totals);
}

/** The stream's first word: everything on the screen that is of another version is asked for again. */
function greet(client: QueryClient, version: string): void {
  const { stream, early } = seenVersions;
  const current = stream === null ? [...early].every((each) => each === version) : stream === version;
  seenVersions.stream = version;
  early.clear();
  if (!current) resync(client, version);
}

function resync(client: QueryClient, version: string | null): void {
  if (version !== null) seenVersions.stream = version;
  const { pausedAt, unread } = freshness.get();
  // Before the cluster is read there is only one question that is answered.
  if (pausedAt === null) paceOf(client).mark(unread ? clusterQueries.cluster() : {});
}

/** Freezes what is shown. */
export function pauseLive(): void {
  freshness.set({ pausedAt: Date.now() });
}

/** Goes on, with everything that was missed. */
export function resumeLive(client: QueryClient): void {
  freshness.set({ pausedAt: null });
  void client.invalidateQueries();
}
