import type { ClusterConnection } from "./connection.ts";
import type { CacheChange } from "./object-cache.ts";
import type { ResourceRef } from "./paths.ts";
import type { ReflectorState } from "./reflector-state.ts";
import type { JsonCodec, Timeouts } from "./request.ts";

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
