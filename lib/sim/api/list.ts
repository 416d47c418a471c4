import type { Entry } from "../store/entry.ts";
import { objectKey } from "../store/kube-object.ts";
import { type Cluster, shown, storageKey } from "./cluster.ts";
import { parseFieldSelector } from "./field-selector.ts";
import { parseLabelSelector } from "./label-selector.ts";
import { continueTooOld, decodeContinue, encodeContinue, type ListSnapshots } from "./list-snapshots.ts";
import { integerParameter, type ResourceRequest } from "./request.ts";
import { ApiError, badRequest, type Cause, expired, forbiddenValue, invalid } from "./status.ts";

export interface ListPage {
  readonly entries: readonly Entry[];
  readonly revision: number;
  /** Token for the next page, "" on the last. */
  readonly next: string;
  /** Objects after this page; null when a selector makes that unknown or there are none. */
  readonly remaining: number | null;
}

export type Matcher = (entry: Entry) => boolean;

/** Label and field selectors of a request, as one test. @throws ApiError 400 */
export function requestMatcher(request: ResourceRequest): Matcher | null {
  const labels = request.query.get("labelSelector") ?? "";
  const fields = request.query.get("fieldSelector") ?? "";
  if (labels.trim() === "" && fields.trim() === "" && request.name === "") return null;
  const byLabel = parseLabelSelector(labels);
  const byField = parseFieldSelector(fields, request.type);
  return (entry) =>
    (request.name === "" || entry.object.metadata.name === request.name) &&
    byLabel(entry.object.metadata.labels) &&
    byField.matches(entry.object);
}

/**
 * One page of a list; without `limit` all of it. Calico's API server always answers with all of it.
 * @throws ApiError 400, 410, 504
 */
export function listPage(cluster: Cluster, snapshots: ListSnapshots, request: ResourceRequest): ListPage {
  const { query } = request;
  const limit = request.type.translation ? 0 : (integerParameter(query, "limit") ?? 0);
  const matcher = requestMatcher(request);
  const token = request.type.translation ? "" : (query.get("continue") ?? "");
  const continuation = token === "" ? null : decodeContinue(token);
  const resource = storageKey(request.type);
  const scope = `${resource}/${request.namespace}`;
  const current = cluster.store.revision;
  if (continuation === null) checkVersion(query, current);
  const revision = continuation === null || continuation.revision === -1 ? current : continuation.revision;
  const seen = continuation === null ? null : snapshots.get(scope, revision);
  if (seen === null && revision !== current && continuation !== null) throw continueTooOld(continuation);
  const all = seen ?? candidates(cluster, request);
  const from = continuation === null ? 0 : indexAfter(all, continuation.after);
  if (limit <= 0) {
    const rest = from === 0 ? all : all.slice(from);
    return { entries: matcher === null ? rest : rest.filter(matcher), revision, next: "", remaining: null };
  }
  const entries: Entry[] = [];
  let at = from;
  while (at < all.length && entries.length < limit) {
    const entry = all[at];
    if (entry !== undefined && (matcher === null || matcher(entry))) entries.push(entry);
    at += 1;
  }
  const hasMore = matcher === null ? at < all.length : all.slice(at).some(matcher);
  if (!hasMore) return { entries, revision, next: "", remaining: null };
  snapshots.remember(scope, revision, all);
  return {
    entries,
    revision,
    next: encodeContinue({ revision, after: entries.at(-1)?.key ?? "" }),
    remaining: matcher === null ? all.length - at : null,
  };
}

/** Everything in scope, or the one object that the field selector names. */
function candidates(cluster: Cluster, request: ResourceRequest): readonly Entry[] {
  const collection = cluster.store.collection(storageKey(request.type));
  const whole = (): readonly Entry[] => {
    const entries = collection.list(request.namespace);
    return request.type.translation ? entries.map((entry) => shown(request.type, entry)) : entries;
  };
  const { name } = parseFieldSelector(request.query.get("fieldSelector") ?? "", request.type);
  if (name === null || (request.type.namespaced && request.namespace === "")) {
    return whole();
  }
  const entry = collection.get(objectKey(request.namespace, name));
  return entry === undefined ? [] : [shown(request.type, entry)];
}

function indexAfter(entries: readonly Entry[], key: string): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle]?.key ?? "") <= key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** `resourceVersion` and `resourceVersionMatch` of a list: only the present moment can be served. */
function checkVersion(query: URLSearchParams, current: number): void {
  const text = query.get("resourceVersion") ?? "";
  const match = query.get("resourceVersionMatch") ?? "";
  if (match !== "" && text === "") {
    throw invalidOptions(
      forbiddenValue(
        "resourceVersionMatch",
        "resourceVersionMatch is forbidden unless resourceVersion is provided",
      ),
    );
  }
  if (match !== "" && match !== "Exact" && match !== "NotOlderThan") {
    const why = `Unsupported value: ${JSON.stringify(match)}: supported values: "Exact", "NotOlderThan", ""`;
    throw invalidOptions({ reason: "FieldValueNotSupported", message: why, field: "resourceVersionMatch" });
  }
  if (text === "" || text === "0") {
    if (match === "Exact") {
      throw invalidOptions(
        forbiddenValue(
          "resourceVersionMatch",
          'resourceVersionMatch "exact" is forbidden for resourceVersion "0"',
        ),
      );
    }
    return;
  }
  const wanted = parseVersion(text);
  if (wanted > current) throw tooLarge(wanted, current);
  if (match === "Exact" && wanted < current) {
    throw expired("The resourceVersion for the provided list is too old.");
  }
}

export function invalidOptions(cause: Cause): ApiError {
  return invalid("meta.k8s.io", "ListOptions", "", [cause]);
}

/** @throws ApiError 400 */
export function parseVersion(text: string): number {
  if (!/^\d{1,15}$/.test(text)) {
    const quoted = JSON.stringify(text);
    throw badRequest(
      `invalid resource version: resourceVersion: Invalid value: ${quoted}: strconv.ParseUint: parsing ${quoted}: invalid syntax`,
    );
  }
  return Number(text);
}

function tooLarge(wanted: number, current: number): ApiError {
  return new ApiError(504, "Timeout", `Timeout: Too large resource version: ${wanted}, current: ${current}`, {
    details: {
      causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
      retryAfterSeconds: 1,
    },
    headers: { "Retry-After": "1" },
  });
}
