import type { ClusterConnection } from "./connection.ts";
import { WATCH_TIMEOUTS, type JsonCodec, type Timeouts } from "./request.ts";
import { objectPath, type ResourceRef } from "./paths.ts";
import { readWatchEvent, type WatchEvent } from "./watch-event.ts";
import { LineSplitter, OverlongLineError } from "./watch-stream.ts";

const MAX_LINE_BYTES = 16 * 1024 * 1024;

/** Part of the stream could not be read, so events are missing: only a new list helps. */
export class WatchLostError extends Error {
  override readonly name = "WatchLostError";
}

export interface WatchRequest {
  readonly resource: ResourceRef;
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly resourceVersion: string;
  /** When the server shall end the watch by itself. */
  readonly timeoutSeconds: number;
  /** Kind of the objects. */
  readonly kind: string;
  readonly timeouts?: Timeouts;
  readonly codec?: JsonCodec;
  readonly signal: AbortSignal;
}

export interface WatchSink {
  /** The server accepted the watch. */
  opened(): void;
  /** Bytes arrived; called before their events. */
  heard(): void;
  /** Called once per line. What it throws ends the watch and is thrown on. */
  event(event: WatchEvent): void;
}

/**
 * Follows one watch until the server ends it. Throws ApiError for a refusal and for an ERROR event, WatchLostError for
 * lines that cannot be read, otherwise what `request` throws.
 */
export async function followWatch(
  connection: ClusterConnection,
  watch: WatchRequest,
  sink: WatchSink,
): Promise<void> {
  const { resource, namespace, kind } = watch;
  const answer = await connection.open({
    method: "GET",
    path: objectPath({ resource, namespace }),
    query: {
      watch: true,
      allowWatchBookmarks: true,
      resourceVersion: watch.resourceVersion,
      timeoutSeconds: watch.timeoutSeconds,
      labelSelector: watch.labelSelector,
      fieldSelector: watch.fieldSelector,
    },
    timeouts: watch.timeouts ?? WATCH_TIMEOUTS,
    signal: watch.signal,
  });
  sink.opened();
  const splitter = new LineSplitter(MAX_LINE_BYTES);
  for await (const chunk of answer.chunks) {
    sink.heard();
    for (const line of split(splitter, chunk)) {
      sink.event(readWatchEvent(parseLine(line, watch.codec ?? JSON), kind));
    }
  }
}

function split(splitter: LineSplitter, chunk: Buffer): string[] {
  try {
    return splitter.push(chunk);
  } catch (error) {
    throw error instanceof OverlongLineError ? new WatchLostError(error.message) : error;
  }
}

function parseLine(line: string, codec: JsonCodec): unknown {
  try {
    return codec.parse(line);
  } catch {
    throw new WatchLostError("a line of the watch is not valid JSON");
  }
}
