import type { ServerResponse } from "node:http";
import { Entry, type StoreEvent } from "../store/entry.ts";
import { stringifyJson } from "../store/json.ts";
import { type Cluster, storageKey } from "./cluster.ts";
import { invalidOptions, type Matcher, parseVersion, requestMatcher } from "./list.ts";
import type { View } from "./negotiate.ts";
import { integerParameter, isTrue, type ResourceRequest } from "./request.ts";
import { expired, forbiddenValue } from "./status.ts";
import { partialJson, tableJson } from "./table.ts";

const bookmarkInterval = 60_000;
const longestBacklog = 64 * 1024 * 1024;

type WatchType = "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";

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
  const initial = isTrue(query.get("sendInitialEvents"));
  checkInitialEvents(query);
  const collection = cluster.store.collection(storageKey(type));
  const fromNow = text === "" || text === "0" || initial;
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
  if (fromNow) {
    for (const entry of collection.list(request.namespace)) {
      if (matcher === null || matcher(entry)) writer.write("ADDED", entry);
    }
    if (initial && bookmarks) writer.bookmark(cluster.store.revision, true);
  }
  const relay = (event: StoreEvent): void => {
    if (event.revision <= since) return;
    const change = visibleChange(event, request.namespace, matcher);
    if (change !== null) writer.write(change, event.entry);
    if (response.writableLength > longestBacklog) end();
  };
  for (const event of backlog) relay(event);

  const stopListening = collection.listen(relay);
  const beat = setInterval(() => {
    if (bookmarks) writer.bookmark(cluster.store.revision, false);
  }, bookmarkInterval);
  const seconds = integerParameter(query, "timeoutSeconds") ?? 0;
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

/** What a change is to a watcher that sees only some of the objects; null when it sees nothing of it. */
function visibleChange(event: StoreEvent, namespace: string, matcher: Matcher | null): WatchType | null {
  if (namespace !== "" && event.entry.object.metadata.namespace !== namespace) return null;
  if (matcher === null) return event.type;
  const before = event.previous !== null && matcher(event.previous);
  if (event.type === "DELETED") return before ? "DELETED" : null;
  const after = matcher(event.entry);
  if (after) return before ? "MODIFIED" : "ADDED";
  return before ? "DELETED" : null;
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

class EventWriter {
  readonly #cluster: Cluster;
  readonly #request: ResourceRequest;
  readonly #view: View;
  readonly #response: ServerResponse;

  constructor(cluster: Cluster, request: ResourceRequest, view: View, response: ServerResponse) {
    this.#cluster = cluster;
    this.#request = request;
    this.#view = view;
    this.#response = response;
  }

  write(type: WatchType, entry: Entry): void {
    this.#response.write(`{"type":"${type}","object":${this.#text(entry)}}\n`);
  }

  bookmark(revision: number, ofInitialEvents: boolean): void {
    const { type } = this.#request;
    const metadata: Record<string, unknown> = { resourceVersion: String(revision) };
    if (ofInitialEvents) metadata["annotations"] = { "k8s.io/initial-events-end": "true" };
    const object = {
      kind: type.kind,
      apiVersion: type.group === "" ? type.version : `${type.group}/${type.version}`,
      metadata,
    };
    const text =
      this.#view.as === "table"
        ? JSON.stringify({
            kind: "Table",
            apiVersion: "meta.k8s.io/v1",
            metadata: { resourceVersion: String(revision) },
            columnDefinitions: null,
            rows: [{ cells: null, object }],
          })
        : JSON.stringify(object);
    this.#response.write(`{"type":"BOOKMARK","object":${text}}\n`);
  }

  #text(entry: Entry): string {
    const view = this.#view;
    if (view.as === "object") return entry.json;
    if (view.as === "partial") return partialJson(entry.object);
    const metadata = { resourceVersion: entry.object.metadata.resourceVersion };
    return tableJson(this.#request.type.columns, [entry.object], metadata, view.include, this.#cluster.now());
  }
}
