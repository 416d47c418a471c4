import type { ClusterConnection } from "./connection.ts";
import type { ObjectName, ResourceRef } from "./paths.ts";
import type { Message } from "./protobuf.ts";
import type { ReflectorState } from "./reflector-state.ts";
import type { JsonCodec, Timeouts } from "./request.ts";

export interface GoneObject extends ObjectName {
  /** Of the object that is gone: another one may have its name by now. "" when it had none. */
  readonly uid: string;
}

export interface ReflectorOptions<T> {
  readonly connection: ClusterConnection;
  readonly resource: ResourceRef;
  /** One namespace only; all when absent. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Reduces a raw object to what is kept of it; null when it is of no interest. Must not keep the raw object. */
  readonly project: (raw: unknown) => T | null;
  /**
   * Objects that are new or not as they were handed over before. Those of the first list come while it is read and are nothing
   * whole before `onListed`; those of a later one come when it has been read and believed, in slices.
   */
  readonly onPut: (values: readonly T[]) => void;
  /** Objects that were handed over and are gone. */
  readonly onRemove: (gone: readonly GoneObject[]) => void;
  /** What was handed over is the whole contents. A new epoch means that the history broke. */
  readonly onListed?: (info: { readonly resourceVersion: string; readonly epoch: number }) => void;
  readonly onState?: (state: ReflectorState) => void;
  /** Objects per list page, 500 unless said. */
  readonly pageSize?: number;
  readonly codec?: JsonCodec;
  /** Lists may come as protobuf, of which these fields are read. Watches come as JSON. */
  readonly protobuf?: Message;
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
