import type { Activity, ActivityAction, ActivityResult } from "../../contract/activity.ts";
import { currentInventory } from "../../inventory/registry.ts";
import { serverConfig } from "../config.ts";
import type { Identity } from "../identity.ts";
import { log, withoutSecrets } from "../log.ts";
import type { AuditDocument, AuditSubject } from "./audit-subject.ts";
import { clusterKey } from "./cluster-key.ts";
import { followPool, markUndone, tellPool } from "./follow.ts";
import { differing, type Fields, type Kept } from "./kept.ts";
import { awaitArrival, mayArrive } from "./late-arrival.ts";
import { kindOfPath } from "./presume.ts";
import { activityStore } from "./store.ts";

/** One attempt to change something, as the request guard saw it end. */
interface Attempt {
  readonly requestId: string;
  readonly method: string;
  readonly path: string;
  /** Address of whoever sent it. */
  readonly client: string | null;
  /** Null: refused before we knew. */
  readonly identity: Identity | null;
  readonly status: number;
  /** Null: it went through. */
  readonly problem: { readonly code: string; readonly detail: string } | null;
  readonly subject: AuditSubject;
}

/**
 * Leaves one entry for each object that the attempt was about, or one for the attempt: a line in the log, and an entry in the
 * store. A change of a pool that went through is told on the pool itself, and watched. Never throws.
 */
export function recordAttempt(attempt: Attempt): void {
  const { documents, ...request } = attempt.subject;
  const parts: readonly AuditDocument[] = documents?.length ? documents : [{ problem: undefined }];
  parts.forEach((part, index) => {
    try {
      const id = documents?.length && parts.length > 1 ? `${attempt.requestId}.${index}` : attempt.requestId;
      recordOne(attempt, { ...request, ...part }, id);
    } catch (error) {
      log.error({ err: error, requestId: attempt.requestId }, "an activity could not be kept");
    }
  });
}

function recordOne(attempt: Attempt, subject: AuditDocument, id: string): void {
  const kept = keptOf(attempt, subject, id);
  const { activity } = kept;
  log.info(
    { audit: activity.result, id, method: attempt.method, path: attempt.path, ...lineOf(activity) },
    "write",
  );
  const inventory = currentInventory();
  const isChange = hasChanged(activity);
  const { baseline, undoes } = subject;
  try {
    activityStore().add(kept, clusterKey(), isChange && baseline !== undefined && inventory !== null);
    if (undoes !== undefined && activity.result === "done") markUndone(undoes, id);
  } finally {
    const isLate = inventory !== null && mayArrive(kept);
    if (isLate) awaitArrival(inventory, kept, baseline ?? null);
    else if (baseline && inventory) followPool(inventory, isChange ? kept : null, baseline);
    // Dry runs are many and shown only where they are asked for; whoever is nobody makes no work for the viewers.
    if (!activity.dryRun && activity.how !== null) inventory?.changes.touch("activity");
  }
  if (isChange) tellPool(activity);
}

function keptOf(attempt: Attempt, subject: AuditDocument, id: string): Kept {
  const { identity, requestId, client } = attempt;
  const problem = subject.problem === undefined ? attempt.problem : subject.problem;
  const status = subject.problem?.status ?? attempt.status;
  const dryRun = subject.dryRun ?? false;
  const { kind, name, namespace } = subject;
  const activity: Activity = {
    id,
    at: new Date(currentInventory()?.clock.now() ?? Date.now()).toISOString(),
    user: identity?.user ?? null,
    how: identity?.how ?? null,
    client,
    cluster: serverConfig()?.connection.name ?? null,
    action: actionOf(attempt, subject),
    object:
      kind !== undefined && name !== undefined
        ? { kind, ...(namespace === undefined ? {} : { namespace }), name, uid: short(subject.uid) }
        : null,
    from: bounded(subject.from),
    to: bounded(subject.to),
    resourceVersion: {
      before: short(subject.resourceVersionBefore),
      after: short(subject.resourceVersionAfter),
    },
    result: subject.outcome ?? resultOf(status, problem?.code ?? null, dryRun),
    dryRun,
    status,
    code: problem?.code ?? null,
    detail: problem === null ? null : withoutSecrets(problem.detail).slice(0, LONGEST),
    requestId,
    undo: null,
    undoes: subject.undoes ?? null,
    watch: null,
    event: null,
  };
  const rest = { left: subject.left ?? null, override: subject.override ?? null };
  // A method that is not there never came as far as its subject.
  return { activity, ...rest, ...(activity.object ? {} : { kind: kind ?? kindOfPath(attempt.path) }) };
}

/** Longer texts are those of somebody who tries out how much we keep. */
const LONGEST = 4_096;

const short = (text: string | undefined) => text?.slice(0, 253) ?? null;

/** What somebody sent may be as long as a request; what no pool could have as a value is kept as its beginning. */
function bounded(fields: Fields | undefined): Activity["from"] {
  if (fields === undefined) return null;
  const entries = Object.entries(fields).slice(0, 50);
  return Object.fromEntries(
    entries.map(([field, value]) => {
      const json = JSON.stringify(value) ?? "null";
      return [field.slice(0, 253), json.length <= LONGEST ? value : `${json.slice(0, LONGEST)}…`];
    }),
  );
}

function resultOf(status: number, code: string | null, dryRun: boolean): ActivityResult {
  if (code === null) return dryRun ? "dryRun" : "done";
  if (code === "conflict" || code === "already-exists") return "conflict";
  if (code === "outcome-unknown") return "unknown";
  if (status === 401 || status === 403 || status === 421 || status === 429) return "denied";
  return status >= 500 ? "failed" : "refused";
}

function actionOf({ method, path }: Attempt, { action, kind, to }: AuditSubject): ActivityAction | null {
  if (action !== undefined) return action;
  if (/^\/api\/v1\/activity\/[^/]+\/undo$/.test(path)) return "undo";
  if (method === "POST") return kind === undefined ? null : "create";
  if (method === "DELETE") return "delete";
  if (kind === "Namespace") return "assign";
  const fields = Object.keys(to ?? {});
  if (kind === "IPPool" && fields.length === 1 && typeof to?.["disabled"] === "boolean")
    return to["disabled"] ? "disable" : "enable";
  return kind === undefined ? null : "update";
}

/** It went through, and the object is another one than before. */
function hasChanged({ result, from, to, resourceVersion, action }: Activity): boolean {
  if (result !== "done") return false;
  if (action === "create" || action === "delete") return true;
  if (from && to) return differing(from, to).length > 0;
  return resourceVersion.after !== resourceVersion.before;
}

/** What the log says of it: everything but what comes later. */
function lineOf({
  undo: _undo,
  watch: _watch,
  event: _event,
  result: _result,
  id: _id,
  code,
  ...rest
}: Activity) {
  // Not "code": the log takes what is called so for the secret of a login.
  return { ...rest, problem: code };
}
