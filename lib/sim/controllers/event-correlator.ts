import type { EventObject, ObjectReference } from "../kube-objects.ts";
import { kubeTime } from "../kube-objects.ts";

/** What a component wants to say about an object, before it is merged with what it said before. */
export interface Occurrence {
  readonly object: ObjectReference;
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
  readonly source: { readonly component: string; readonly host?: string };
}

/** `create`: a new Event. `update`: the stored Event of that name gets this count, message and last time. */
export type Correlated =
  { readonly op: "create" | "update"; readonly event: EventObject } | { readonly op: "drop" };

interface Group {
  readonly messages: Set<string>;
  lastSeen: number;
}

interface Bucket {
  tokens: number;
  refilled: number;
}

const combinedPrefix = "(combined from similar events): ";
/** The tenth different message of one kind within ten minutes is combined. */
const maxDifferentMessages = 10;
const windowSeconds = 600;
/** A source may say 25 things about one object in a burst, then one every five minutes. */
const burst = 25;
const refillSeconds = 300;
const cacheSize = 4096;

/**
 * Merges repeated events as the Kubernetes event client does: same text → the count grows; many similar texts → one
 * "(combined from similar events)" whose text is the latest; too many about one object → dropped.
 * Source: kubernetes/kubernetes staging/src/k8s.io/client-go/tools/record/events_cache.go EventCorrelator (defaults)
 */
export class EventCorrelator {
  readonly #groups = new Map<string, Group>();
  readonly #stored = new Map<string, EventObject>();
  readonly #buckets = new Map<string, Bucket>();
  #lastName = 0n;

  correlate(occurrence: Occurrence, nowMilliseconds: number): Correlated {
    const { key, message } = this.#aggregate(occurrence, nowMilliseconds);
    const known = this.#stored.get(key);
    const now = kubeTime(nowMilliseconds);
    const event: EventObject = known
      ? { ...known, message, count: known.count + 1, lastTimestamp: now }
      : {
          metadata: {
            name: `${occurrence.object.name}.${this.#nextNameSuffix(nowMilliseconds)}`,
            namespace: occurrence.object.namespace ?? "default",
          },
          involvedObject: occurrence.object,
          type: occurrence.type,
          reason: occurrence.reason,
          message,
          source: occurrence.source,
          count: 1,
          firstTimestamp: now,
          lastTimestamp: now,
        };
    remember(this.#stored, key, event);
    if (!this.#mayPass(occurrence, nowMilliseconds)) return { op: "drop" };
    return { op: known ? "update" : "create", event };
  }

  #aggregate(occurrence: Occurrence, now: number): { key: string; message: string } {
    const groupKey = keyOf(occurrence.source, occurrence.object, occurrence.type, occurrence.reason);
    let group = this.#groups.get(groupKey);
    if (!group || now - group.lastSeen > windowSeconds * 1000) group = { messages: new Set(), lastSeen: now };
    group.messages.add(occurrence.message);
    group.lastSeen = now;
    remember(this.#groups, groupKey, group);
    if (group.messages.size < maxDifferentMessages) {
      return { key: `${groupKey}\n${occurrence.message}`, message: occurrence.message };
    }
    const [oldest] = group.messages;
    if (oldest !== undefined) group.messages.delete(oldest);
    return { key: groupKey, message: combinedPrefix + occurrence.message };
  }

  #mayPass(occurrence: Occurrence, now: number): boolean {
    const key = keyOf(occurrence.source, occurrence.object);
    const bucket = this.#buckets.get(key) ?? { tokens: burst, refilled: now };
    bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.refilled) / (refillSeconds * 1000));
    bucket.refilled = now;
    remember(this.#buckets, key, bucket);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  /** Nanoseconds in hexadecimal; two events of one millisecond still get different names. */
  #nextNameSuffix(now: number): string {
    const nanoseconds = BigInt(Math.trunc(now)) * 1_000_000n;
    this.#lastName = nanoseconds > this.#lastName ? nanoseconds : this.#lastName + 1n;
    return this.#lastName.toString(16);
  }
}

function keyOf(source: Occurrence["source"], object: ObjectReference, ...rest: string[]): string {
  return [
    source.component,
    source.host ?? "",
    object.kind,
    object.namespace ?? "",
    object.name,
    object.uid,
    object.apiVersion,
    ...rest,
  ].join("\n");
}

/** Sets the newest entry last and drops the oldest when the map grows too long. */
function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= cacheSize) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}
