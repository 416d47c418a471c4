import type { ServerResponse } from "node:http";
import { Entry, type StoreEvent } from "../store/entry.ts";
import { stringifyJson } from "../store/json.ts";
import { type Cluster, shown, storageKey } from "./cluster.ts";
import { EventWriter, type WatchType } from "./event-writer.ts";
import { invalidOptions, type Matcher, parseVersion, requestMatcher } from "./list.ts";
import type { View } from "./negotiate.ts";
import { integerParameter, isTrue, type ResourceRequest } from "./request.ts";
import type { ResourceType } from "./resource-type.ts";
import { drained } from "./respond.ts";
import { expired, forbiddenValue } from "./status.ts";

const bookmarkInterval = 60_000;
/** Bytes a client may leave unread before its watch is broken off. */
const longestBacklog = 64 * 1024 * 1024;

/**
 * Streams changes until the client goes, `timeoutSeconds` pass or the server drops it. Returns a function that ends it.
 * @throws ApiError 400, 422 before anything is sent
 */
export function startWatch(
  cluster: Cluster,
  request: ResourceRequest,
  view: View,
  response: ServerResponse,
  onEnd: () => void,
): () => void {
  const { query, type } = request;
  const matcher = requestMatcher(request);
  const text = query.get("resourceVersion") ?? "";
  const sendsInitial = isTrue(query.get("sendInitialEvents"));
  checkInitialEvents(query);
  const seconds = integerParameter(query, "timeoutSeconds") ?? 0;
  const collection = cluster.store.collection(storageKey(type));
  const fromNow = text === "" || text === "0" || sendsInitial;
  const since = fromNow ? cluster.store.revision : parseVersion(text);
  const bookmarks = isTrue(query.get("allowWatchBookmarks"));
  const writer = new EventWriter(cluster, request, view, response);
  const backlog = fromNow ? [] : collection.since(since);

  response.writeHead(200, { "Content-Type": "application/json", "Cache-Control": "no-cache, private" });
  response.flushHeaders();
  if (backlog === null) {
    const error = expired(`too old resource version: ${since} (${collection.oldestWatchable})`);
    response.end(`{"type":"ERROR","object":${stringifyJson(error.status)}}\n`);
    onEnd();
    return () => {};
  }

  /** Changes that wait until everything before them is written; null once they need not. */
  let waiting: StoreEvent[] | null = backlog;
  const write = (event: StoreEvent): void => {
    try {
      const change = visibleChange(shownEvent(event, type), request.namespace, matcher);
      if (change !== null) writer.write(change.type, change.entry);
    } catch {
      response.destroy(); // this watch cannot show the object; whoever wrote it must not suffer for that
    }
    if (response.writableLength > longestBacklog) response.destroy();
  };
  const stopListening = collection.listen((event) => {
    if (event.revision <= since) return;
    if (waiting === null) write(event);
    else waiting.push(event);
  });
  const begin = async (): Promise<void> => {
    const entries = (fromNow ? collection.list(request.namespace) : []).map((entry) => shown(type, entry));
    for (const entry of entries) {
      if (matcher === null || matcher(entry)) writer.write("ADDED", entry);
      if (response.writableNeedDrain) await drained(response);
      if (response.destroyed) return;
    }
    if (sendsInitial && bookmarks) writer.bookmark(since, true);
    for (const event of waiting ?? []) write(event);
    waiting = null;
  };
  begin().catch(() => response.destroy());

  const beat = setInterval(() => {
    if (bookmarks && waiting === null) writer.bookmark(cluster.store.revision, false);
  }, bookmarkInterval);
  const timeout = setTimeout(() => end(), (seconds > 0 ? seconds : 1800 + Math.random() * 1800) * 1000);
  let ended = false;
  const end = (): void => {
    if (ended) return;
    ended = true;
    stopListening();
    clearInterval(beat);
    clearTimeout(timeout);
    response.end();
    onEnd();
  };
  response.on("close", end);
  return end;
}

function shownEvent(event: StoreEvent, type: ResourceType): StoreEvent {
  if (type.translation === undefined) return event;
  const entry = shown(type, event.entry);
  return event.type === "ADDED"
    ? { ...event, entry }
    : { ...event, entry, previous: shown(type, event.previous) };
}

interface Change {
  readonly type: WatchType;
  readonly entry: Entry;
}

/**
 * What a change is to a watcher that sees only some of the objects; null when it sees nothing of it. An object that went
 * out of sight is deleted as it last looked, under the version of the change.
 */
function visibleChange(event: StoreEvent, namespace: string, matcher: Matcher | null): Change | null {
  const { entry, previous } = event;
  if (namespace !== "" && entry.object.metadata.namespace !== namespace) return null;
  if (matcher === null) return { type: event.type, entry };
  const wasSeen = previous !== null && matcher(previous);
  const isSeen = event.type !== "DELETED" && matcher(entry);
  if (isSeen) return { type: wasSeen ? "MODIFIED" : "ADDED", entry };
  if (!wasSeen) return null;
  if (event.type === "DELETED") return { type: "DELETED", entry };
  const metadata = { ...previous.object.metadata, resourceVersion: String(event.revision) };
  return { type: "DELETED", entry: new Entry(entry.key, { ...previous.object, metadata }, event.revision) };
}

function checkInitialEvents(query: URLSearchParams): void {
  const sends = query.get("sendInitialEvents");
  if (sends === null) return;
  if (query.get("resourceVersionMatch") === "NotOlderThan") return;
  throw invalidOptions(
    forbiddenValue(
      "resourceVersionMatch",
      "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
    ),
  );
}
