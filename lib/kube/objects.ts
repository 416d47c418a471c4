import type { ClusterConnection } from "./connection.ts";
import { ApiError, UnreachableError } from "./errors.ts";
import { checkName, objectPath, resourceName, type ObjectPath, type ResourceRef } from "./paths.ts";
import type { Message } from "./protobuf.ts";
import { get, MAX_LIST_BYTES, PAGE_TIMEOUTS, type JsonCodec, type Timeouts } from "./request.ts";

/** One object: a resource, its name, and its namespace if it has one. */
export type ObjectRef = ObjectPath & { readonly name: string };

interface CallOptions {
  readonly signal?: AbortSignal;
  readonly timeouts?: Timeouts;
  readonly codec?: JsonCodec;
}

export interface WriteOptions extends CallOptions {
  /** Checked and answered by the server as if done, but not stored. */
  readonly dryRun?: boolean;
  /** "poolboard" unless said. */
  readonly fieldManager?: string;
  /** "Strict" unless said: unknown and duplicate fields are refused. */
  readonly fieldValidation?: "Strict" | "Warn" | "Ignore";
}

export interface ListOptions extends CallOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Objects per page, 500 unless said, fewer where they turn out to be large; null asks for everything at once. */
  readonly pageSize?: number | null;
  /** The list may come as protobuf; these of its fields are read then. */
  readonly protobuf?: Message;
  /** Asks for the next page before this one is worked on: both take as long as the longer of the two. */
  readonly ahead?: boolean;
}

/** `JSON.parse` of one page holds up everybody: about 10 ms for so many bytes, of the 50 that nothing may. */
const MAX_PAGE_BYTES = 4 * 1024 * 1024;

export interface Page {
  readonly items: readonly unknown[];
  /** Of the first page: what a watch must start from. */
  readonly resourceVersion: string;
  /** The items' kind, from the list's own ("PodList" → "Pod"). */
  readonly kind: string;
  /** Objects still to come; null when the server does not say (it never does with a selector). */
  readonly remaining: number | null;
  /** True for the first page of a list that started again: what came before is void. */
  readonly restarted: boolean;
}

/**
 * Lists page by page. A 410 on a continue token starts the list again; a second one does so without a limit.
 * Throws what `request` throws, and UnreachableError when the answer is no list of this resource.
 */
export async function* listPages(
  connection: ClusterConnection,
  resource: ResourceRef,
  options: ListOptions = {},
): AsyncGenerator<Page, void> {
  const { namespace, labelSelector, fieldSelector, codec, protobuf, ahead = false } = options;
  let limit = options.pageSize === undefined ? 500 : options.pageSize;
  let next = "";
  let first: Page | null = null;
  let expired = 0;
  const over = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, over.signal]) : over.signal;
  const ask = () =>
    connection.read({
      method: "GET",
      path: objectPath({ resource, namespace }),
      query: {
        labelSelector,
        fieldSelector,
        limit: limit ?? undefined,
        continue: next === "" ? undefined : next,
      },
      timeouts: options.timeouts ?? PAGE_TIMEOUTS,
      maxBytes: MAX_LIST_BYTES,
      codec,
      protobuf,
      signal,
    });
  let asked: ReturnType<typeof ask> | null = null;
  try {
    for (;;) {
      let answer: Awaited<ReturnType<typeof ask>>;
      try {
        answer = await (asked ?? ask());
      } catch (error) {
        if (!(error instanceof ApiError && error.status === 410 && next !== "")) throw error;
        asked = null;
        expired += 1;
        if (expired >= 2) limit = null;
        next = "";
        first = null;
        continue;
      }
      const { page, token } = parsePage(answer.body, resource, first, expired > 0 && first === null);
      first ??= page;
      const { bytes } = answer;
      if (limit !== null && bytes > MAX_PAGE_BYTES)
        limit = Math.max(1, Math.floor((limit * MAX_PAGE_BYTES) / bytes));
      const isStuck = token !== "" && token === next;
      next = token;
      asked = ahead && next !== "" && !isStuck ? ask() : null;
      // It fails where it is waited for, if it still is.
      asked?.catch(() => {});
      yield page;
      if (next === "") return;
      if (isStuck)
        throw new UnreachableError(
          "notKubernetes",
          "no",
          `the list of ${resourceName(resource)} does not end`,
        );
    }
  } finally {
    over.abort();
  }
}

/** All objects of a list. For small kinds; big ones are reduced page by page. */
export async function listAll(
  connection: ClusterConnection,
  resource: ResourceRef,
  options: ListOptions = {},
): Promise<{ items: readonly unknown[]; resourceVersion: string }> {
  let items: unknown[] = [];
  let resourceVersion = "";
  for await (const page of listPages(connection, resource, options)) {
    if (page.restarted) items = [];
    for (const item of page.items) items.push(item);
    resourceVersion = page.resourceVersion;
  }
  return { items, resourceVersion };
}

/** Reads one object. Throws ApiError 404 when it does not exist. */
export function getObject(
  connection: ClusterConnection,
  ref: ObjectRef,
  options: CallOptions = {},
): Promise<unknown> {
  return connection.request({ method: "GET", path: pathOfOne(ref), ...options });
}

/** POSTs to a collection, or to a subresource such as a pod's "binding" when `ref` names one. Answers the stored object. */
export function createObject(
  connection: ClusterConnection,
  ref: ObjectPath,
  body: unknown,
  options: WriteOptions = {},
): Promise<unknown> {
  return write(connection, "POST", ref, body, options);
}

/** PUTs the whole object. Its `metadata.resourceVersion`, if any, must still be the stored one (409 otherwise). */
export function replaceObject(
  connection: ClusterConnection,
  ref: ObjectRef,
  body: unknown,
  options: WriteOptions = {},
): Promise<unknown> {
  return write(connection, "PUT", ref, body, options);
}

/** JSON merge patch (RFC 7396): null removes a key. `metadata.resourceVersion` and `uid` in the patch are preconditions. */
export function mergePatch(
  connection: ClusterConnection,
  ref: ObjectRef,
  patch: unknown,
  options: WriteOptions = {},
): Promise<unknown> {
  return write(connection, "PATCH", ref, patch, options, "application/merge-patch+json");
}

export interface RemoveOptions extends Omit<WriteOptions, "fieldManager" | "fieldValidation"> {
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly propagation?: "Orphan" | "Background" | "Foreground";
  readonly gracePeriodSeconds?: number;
}

/** Deletes one object, if it is still the one with this uid and resourceVersion (409 otherwise). */
export function removeObject(
  connection: ClusterConnection,
  ref: ObjectRef,
  options: RemoveOptions = {},
): Promise<unknown> {
  const { uid, resourceVersion, propagation, gracePeriodSeconds, dryRun, ...call } = options;
  const preconditions =
    uid === undefined && resourceVersion === undefined ? undefined : { uid, resourceVersion };
  return connection.request({
    method: "DELETE",
    path: pathOfOne(ref),
    body: {
      kind: "DeleteOptions",
      apiVersion: "v1",
      preconditions,
      propagationPolicy: propagation,
      gracePeriodSeconds,
      dryRun: dryRun === true ? ["All"] : undefined,
    },
    ...call,
  });
}

/** Without a name the same URL means the whole collection, so a missing one must never get through, types or not. */
function pathOfOne(ref: ObjectRef): string {
  checkName(ref.name ?? "");
  return objectPath(ref);
}

function write(
  connection: ClusterConnection,
  method: "POST" | "PUT" | "PATCH",
  ref: ObjectPath,
  body: unknown,
  options: WriteOptions,
  contentType?: string,
): Promise<unknown> {
  const { dryRun, fieldManager = "poolboard", fieldValidation = "Strict", ...call } = options;
  const query = { fieldManager, fieldValidation, dryRun: dryRun === true ? "All" : undefined };
  const path = method === "POST" ? objectPath(ref) : pathOfOne({ ...ref, name: ref.name ?? "" });
  return connection.request({ method, path, query, body, contentType, ...call });
}

function parsePage(
  body: unknown,
  resource: ResourceRef,
  first: Page | null,
  restarted: boolean,
): { page: Page; token: string } {
  const { group, version } = resource;
  const listKind = get(body, "kind");
  const metadata = get(body, "metadata");
  const resourceVersion = get(metadata, "resourceVersion");
  const items = get(body, "items") ?? [];
  const apiVersion = group === "" ? version : `${group}/${version}`;
  if (
    typeof listKind !== "string" ||
    !listKind.endsWith("List") ||
    get(body, "apiVersion") !== apiVersion ||
    typeof resourceVersion !== "string" ||
    resourceVersion === "" ||
    !Array.isArray(items)
  ) {
    throw new UnreachableError(
      "notKubernetes",
      "maybe",
      `the answer is not a list of ${resourceName(resource)}`,
    );
  }
  const remaining = get(metadata, "remainingItemCount");
  const token = get(metadata, "continue");
  const last = typeof token !== "string" || token === "";
  const page: Page = {
    items,
    resourceVersion: first?.resourceVersion ?? resourceVersion,
    kind: first?.kind ?? listKind.slice(0, -"List".length),
    remaining: last ? 0 : typeof remaining === "number" ? remaining : null,
    restarted,
  };
  return { page, token: last ? "" : token };
}
