import { exactAddressesAnnotation, poolAnnotations } from "../../calico/pod.ts";
import { type RawRecord, record, text } from "../../calico/reading.ts";
import type { ImpactPinned } from "../../ipam/impact-assignment.ts";
import type { Known } from "../../ipam/impact.ts";
import type { ClusterConnection } from "../../kube/connection.ts";
import { ApiError, UnreachableError } from "../../kube/errors.ts";
import { listPages } from "../../kube/objects.ts";
import type { Missing } from "../../inventory/kind-states.ts";
import { resourceName, type ResourceRef } from "../../kube/paths.ts";

interface Workload {
  readonly kind: string;
  readonly resource: ResourceRef;
  readonly templateOf: (spec: RawRecord) => RawRecord;
  /** Pods it wants; 0 when it will make no more. */
  readonly podsOf: (spec: RawRecord, status: RawRecord) => number;
}

const template = (spec: RawRecord) => record(spec.template);
const replicas = (spec: RawRecord) => number(spec.replicas, 1);

function workload(
  group: string,
  kind: string,
  plural: string,
  rest: Omit<Workload, "kind" | "resource">,
): Workload {
  return { kind, resource: { group, version: "v1", plural, namespaced: true }, ...rest };
}

const workloads: readonly Workload[] = [
  workload("apps", "Deployment", "deployments", { templateOf: template, podsOf: replicas }),
  workload("apps", "StatefulSet", "statefulsets", { templateOf: template, podsOf: replicas }),
  workload("apps", "DaemonSet", "daemonsets", {
    templateOf: template,
    podsOf: (_spec, status) => number(status.desiredNumberScheduled, 0),
  }),
  workload("batch", "Job", "jobs", {
    templateOf: template,
    podsOf: (spec, status) => (text(status.completionTime) === null ? number(spec.parallelism, 1) : 0),
  }),
  workload("batch", "CronJob", "cronjobs", {
    templateOf: (spec) => template(record(record(spec.jobTemplate).spec)),
    podsOf: (spec) => number(record(record(spec.jobTemplate).spec).parallelism, 1),
  }),
];

const keptMs = 15_000;
/** For all kinds together: a preview waits no longer for what it can do without. */
const PATIENCE_MS = 5_000;

/** Workloads that ask for pools or addresses; where a kind of them cannot be listed, those of the others, and what is missing. */
export type PinnedTemplates = Known<readonly ImpactPinned[]> & { readonly missing: readonly Missing[] };

interface Answer {
  readonly at: number;
  readonly templates: Promise<PinnedTemplates>;
}

const answers = new WeakMap<ClusterConnection, Answer>();

/**
 * Workloads whose pod template asks for pools or addresses, listed on demand: they are not watched, because only a preview asks for them.
 * One answer serves whoever asks within 15 s, and takes 5 s at most; what has not been listed by then is missing.
 */
export function pinnedTemplates(connection: ClusterConnection): Promise<PinnedTemplates> {
  const now = connection.clock.now();
  const known = answers.get(connection);
  if (known && now - known.at < keptMs) return known.templates;
  const templates = listTemplates(connection);
  answers.set(connection, { at: now, templates });
  return templates;
}

async function listTemplates(connection: ClusterConnection): Promise<PinnedTemplates> {
  const late = new AbortController();
  const seconds = PATIENCE_MS / 1000;
  const stop = connection.clock.after(PATIENCE_MS, () =>
    late.abort(
      new UnreachableError("timeout", "no", `the API server sent no complete list within ${seconds} s`),
    ),
  );
  const listed = await Promise.all(workloads.map((one) => listWorkload(connection, one, late.signal)));
  stop();
  const value = listed.flatMap((one) => one.value);
  const missing = listed.flatMap((one) => one.missing ?? []);
  return missing.length > 0
    ? { known: false, reason: reasonOf(missing), value, missing }
    : { known: true, value, missing };
}

/** What stood on the pages that came counts also where the rest did not. */
async function listWorkload(
  connection: ClusterConnection,
  one: Workload,
  signal: AbortSignal,
): Promise<{ readonly value: readonly ImpactPinned[]; readonly missing: Missing | null }> {
  let value: ImpactPinned[] = [];
  try {
    for await (const page of listPages(connection, one.resource, { signal })) {
      if (page.restarted) value = [];
      for (const item of page.items) {
        const pinned = pinnedBy(one, record(item));
        if (pinned) value.push(pinned);
      }
    }
    return { value, missing: null };
  } catch (error) {
    const missing = missingOf(error, one.resource, connection.user);
    if (missing === null) throw error;
    return { value, missing };
  }
}

function pinnedBy({ kind, templateOf, podsOf }: Workload, object: RawRecord): ImpactPinned | null {
  const metadata = record(object.metadata);
  const spec = record(object.spec);
  const made = templateOf(spec).metadata;
  const annotations = poolAnnotations(made);
  const ipAddrs = exactAddressesAnnotation(made);
  if (annotations[4] === null && annotations[6] === null && ipAddrs === null) return null;
  const pods = podsOf(spec, record(object.status));
  if (kind === "Job" && pods === 0) return null;
  return {
    kind,
    namespace: text(metadata.namespace) ?? "",
    name: text(metadata.name) ?? "",
    annotations,
    ipAddrs,
    pods,
  };
}

/** `user`: whom the connection speaks for; null: for us. */
function missingOf(error: unknown, resource: ResourceRef, user: string | null): Missing | null {
  const { group, plural } = resource;
  if (error instanceof ApiError && error.status === 403) {
    const permission = { verb: "list", group, resource: plural };
    const who = user === null ? "Poolboard" : "you";
    return { reason: `${who} may not read ${plural} (list ${resourceName(resource)})`, permission };
  }
  if (error instanceof ApiError || error instanceof UnreachableError)
    return { reason: `${plural} cannot be listed: ${error.message}` };
  return null;
}

function reasonOf(missing: readonly Missing[]): string {
  return missing.map(({ reason }) => reason).join("; ");
}

function number(value: unknown, otherwise: number): number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : otherwise;
}
