import { UnreachableError } from "./errors.ts";
import { type ListOptions, listPages } from "./objects.ts";
import { ObjectCache } from "./object-cache.ts";
import type { ReflectorOptions } from "./reflector-options.ts";
import { get } from "./request.ts";
import { isOlder } from "./resource-version.ts";
import { isTurnOver, nextTurn } from "./turns.ts";
import { identify, type ObjectIdentity } from "./watch-event.ts";

export interface ListResult {
  readonly cache: ObjectCache;
  readonly resourceVersion: string;
  /** Of the objects, as watch events will name it. */
  readonly kind: string;
}

export interface ListSteps<T> {
  readonly project: (raw: unknown) => T | null;
  /** True for an object that is held as it is: it is not projected again. */
  readonly isHeld: (identity: ObjectIdentity) => boolean;
  /** All others, as they are read, a slice at a time. */
  readonly onValues: (values: readonly T[]) => void;
  /** The list ended early or began again: values may have come that are not of the next one. */
  readonly onAbandoned: (cache: ObjectCache) => void;
  /** An object without name or version, or of another kind. */
  readonly onBadObject: () => void;
  /** After each page: objects so far, and to come as far as the server says. */
  readonly onProgress: (loaded: number, remaining: number | null) => void;
}

/** What a server says of how many are to come is believed up to this, where room is made for them. */
export const MOST_EXPECTED = 500_000;

/** The list took longer than it may. `loaded` objects had arrived. */
export class ListTooSlowError extends UnreachableError {
  readonly loaded: number;

  constructor(timeoutMs: number, loaded: number) {
    super("timeout", "maybe", `the list did not end within ${timeoutMs / 1000} s`);
    this.loaded = loaded;
  }
}

/** Lists everything, page by page. Only what is held of each object is kept here. */
export async function readList<T>(
  options: ReflectorOptions<T>,
  timeoutMs: number,
  signal: AbortSignal,
  steps: ListSteps<T>,
): Promise<ListResult> {
  const { connection, resource } = options;
  const deadline = new AbortController();
  const cancelDeadline = connection.clock.after(timeoutMs, () => deadline.abort());
  let result: ListResult | null = null;
  let loaded = 0;
  try {
    const pages = listPages(connection, resource, {
      ...listOptions(options),
      pageSize: options.pageSize,
      ahead: true,
      signal: AbortSignal.any([signal, deadline.signal]),
    });
    for await (const page of pages) {
      const { kind, resourceVersion } = page;
      if (result === null || page.restarted) {
        if (result) steps.onAbandoned(result.cache);
        result = { cache: new ObjectCache(resourceVersion), kind, resourceVersion };
        loaded = 0;
      }
      result.cache.reserve(loaded + page.items.length + Math.min(page.remaining ?? 0, MOST_EXPECTED));
      await takePage(page.items, result, steps);
      loaded += page.items.length;
      steps.onProgress(loaded, page.remaining);
    }
  } catch (error) {
    if (result) steps.onAbandoned(result.cache);
    if (deadline.signal.aborted && !signal.aborted) throw new ListTooSlowError(timeoutMs, loaded);
    throw error;
  } finally {
    cancelDeadline();
  }
  if (result === null) throw new UnreachableError("notKubernetes", "maybe", "the list had no page");
  return result;
}

async function takePage<T>(
  items: readonly unknown[],
  { cache, kind }: ListResult,
  steps: ListSteps<T>,
): Promise<void> {
  let values: T[] = [];
  const handOver = () => {
    if (values.length > 0) steps.onValues(values);
    values = [];
  };
  for (const item of items) {
    if (isTurnOver()) handOver();
    while (isTurnOver()) await nextTurn();
    const identity = identify(item);
    // Lists of built-in kinds leave the kind of their items out.
    const itemKind = get(item, "kind");
    if (identity === null || (itemKind !== undefined && itemKind !== kind)) {
      steps.onBadObject();
      continue;
    }
    if (!steps.isHeld(identity)) {
      const value = steps.project(item);
      if (value === null) continue;
      values.push(value);
    }
    cache.put(identity);
  }
  handOver();
}

function listOptions<T>(options: ReflectorOptions<T>): ListOptions {
  const { namespace, labelSelector, fieldSelector, codec, protobuf, pageTimeouts } = options;
  return { namespace, labelSelector, fieldSelector, codec, protobuf, timeouts: pageTimeouts };
}

/** What a list or a check is held against. */
export interface Known {
  readonly cache: ObjectCache;
  readonly resourceVersion: string;
}

/**
 * True when a list cannot be the continuation of what was known: the version went back, all objects vanished, or not one
 * of them is the same. A restored backup, a replaced cluster or a broken proxy.
 */
export function contradicts(known: Known, list: Known): boolean {
  if (isOlder(list.resourceVersion, known.resourceVersion)) return true;
  return known.cache.size > 0 && !known.cache.sharesObjectWith(list.cache);
}

/**
 * Asks for the newest version and one object, and says why the watch cannot go on from what is known, or null when it can.
 * After a backup was restored, a watch from our version opens like any other and stays silent until the versions have
 * caught up (seen with Kubernetes 1.36); another cluster at the same address may know our version by chance.
 */
export async function whyBroken<T>(
  options: ReflectorOptions<T>,
  known: Known,
  signal: AbortSignal,
  project: (raw: unknown) => T | null,
): Promise<string | null> {
  const { connection, resource } = options;
  const pages = listPages(connection, resource, { ...listOptions(options), pageSize: 1, signal });
  for await (const { items, resourceVersion } of pages) {
    if (isOlder(resourceVersion, known.resourceVersion)) return "the API server's versions went back";
    const [item] = items;
    if (item === undefined) return known.cache.size > 0 ? "all objects vanished" : null;
    const identity = identify(item);
    if (identity === null || project(item) === null) return null;
    return known.cache.leadsTo(identity) ? null : "an object is not the one that was there before";
  }
  return null;
}
