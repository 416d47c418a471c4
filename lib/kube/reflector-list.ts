import { UnreachableError } from "./errors.ts";
import { listPages } from "./objects.ts";
import { ObjectCache } from "./object-cache.ts";
import type { ReflectorOptions } from "./reflector-options.ts";
import { get } from "./request.ts";
import { isOlder } from "./resource-version.ts";
import { identify } from "./watch-event.ts";

export interface ListResult<T> {
  readonly cache: ObjectCache<T>;
  readonly resourceVersion: string;
  /** Of the objects, as watch events will name it. */
  readonly kind: string;
}

export interface ListSteps<T> {
  readonly project: (raw: unknown) => T | null;
  /** An object without name or version, or of another kind. */
  readonly onBadObject: () => void;
  /** After each page: objects so far, and to come as far as the server says. */
  readonly onProgress: (loaded: number, remaining: number | null) => void;
}

/** The list took longer than it may. `loaded` objects had arrived. */
export class ListTooSlowError extends UnreachableError {
  readonly loaded: number;

  constructor(timeoutMs: number, loaded: number) {
    super("timeout", "maybe", `the list did not end within ${timeoutMs / 1000} s`);
    this.loaded = loaded;
  }
}

/** Lists everything into a cache of its own, so that what was known before stays whole until the last page is there. */
export async function readList<T>(
  options: ReflectorOptions<T>,
  timeoutMs: number,
  signal: AbortSignal,
  steps: ListSteps<T>,
): Promise<ListResult<T>> {
  const { connection, resource, namespace, labelSelector, fieldSelector, codec, pageSize } = options;
  const deadline = new AbortController();
  const cancelDeadline = connection.clock.after(timeoutMs, () => deadline.abort());
  let result: ListResult<T> | null = null;
  let loaded = 0;
  try {
    const pages = listPages(connection, resource, {
      namespace,
      labelSelector,
      fieldSelector,
      codec,
      pageSize,
      timeouts: options.pageTimeouts,
      signal: AbortSignal.any([signal, deadline.signal]),
    });
    for await (const page of pages) {
      const { kind, resourceVersion } = page;
      if (result === null || page.restarted) {
        result = { cache: new ObjectCache<T>(resourceVersion), kind, resourceVersion };
        loaded = 0;
      }
      for (const item of page.items) collect(result.cache, item, kind, steps);
      loaded += page.items.length;
      steps.onProgress(loaded, page.remaining);
    }
  } catch (error) {
    if (deadline.signal.aborted && !signal.aborted) throw new ListTooSlowError(timeoutMs, loaded);
    throw error;
  } finally {
    cancelDeadline();
  }
  if (result === null) throw new UnreachableError("notKubernetes", "maybe", "the list had no page");
  return result;
}

function collect<T>(cache: ObjectCache<T>, item: unknown, kind: string, steps: ListSteps<T>): void {
  const identity = identify(item);
  // Lists of built-in kinds leave the kind of their items out.
  const itemKind = get(item, "kind");
  if (identity === null || (itemKind !== undefined && itemKind !== kind)) return steps.onBadObject();
  const value = steps.project(item);
  if (value !== null) cache.put(identity, value);
}

/** What a list or a check is held against. */
export interface Known<T> {
  readonly cache: ObjectCache<T>;
  readonly resourceVersion: string;
}

/**
 * True when a list cannot be the continuation of what was known: the version went back, all objects vanished, or not one
 * of them is the same. A restored backup, a replaced cluster or a broken proxy.
 */
export function contradicts<T>(known: Known<T>, list: Known<T>): boolean {
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
  known: Known<T>,
  signal: AbortSignal,
  project: (raw: unknown) => T | null,
): Promise<string | null> {
  const { connection, resource, namespace, labelSelector, fieldSelector, codec, pageTimeouts } = options;
  const pages = listPages(connection, resource, {
    namespace,
    labelSelector,
    fieldSelector,
    codec,
    pageSize: 1,
    timeouts: pageTimeouts,
    signal,
  });
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
