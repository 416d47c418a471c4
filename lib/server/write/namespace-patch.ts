import { POOLS_ANNOTATION } from "../../calico/pod.ts";
import type { RawRecord } from "../../calico/reading.ts";
import type { WriteQuery } from "../../contract/common.ts";
import type { NamespacePatch, NamespaceWritten } from "../../contract/namespaces.ts";
import type { FieldError } from "../../contract/problem.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { namespaceRow, type NamespaceRow } from "../../inventory/namespace-row.ts";
import type { Family } from "../../ipam/address.ts";
import { formatCidr } from "../../ipam/cidr.ts";
import type { Pool } from "../../ipam/pool.ts";
import type { ClusterConnection } from "../../kube/connection.ts";
import { getObject, mergePatch } from "../../kube/objects.ts";
import { permissionOf } from "../permission.ts";
import { invalidFields, ProblemError } from "../problem.ts";
import { toNamespace } from "../read/namespaces.ts";
import { requireReady } from "../read/ready.ts";
import { pick } from "../activity/kept.ts";
import { namespaceFields } from "../activity/pool-fields.ts";
import type { Call } from "../respond.ts";
import { caughtUp, freshPools } from "./fresh-pool.ts";
import { type Attempt, isApiError, kubeProblem } from "./kube-problem.ts";
import { namespaceResource } from "./resources.ts";

type PatchCall = Call<{ name: string }, WriteQuery, NamespacePatch>;

const families = [
  { field: "ipv4pools", family: 4, annotation: POOLS_ANNOTATION[4] },
  { field: "ipv6pools", family: 6, annotation: POOLS_ANNOTATION[6] },
] as const;

const attempt = (verb: string, name: string): Attempt => ({
  what: `namespace ${name}`,
  permission: permissionOf(verb, namespaceResource),
  writes: verb !== "get",
});

/**
 * Sets or removes a namespace's pool annotations, and nothing else of it, on condition that it is still the version that
 * the person saw. Pools must exist and be of the right family; one that takes no new pods now is accepted with a warning.
 * Throws ProblemError: 404, 409 `conflict` (with what stands there now), 422 by field, 504 `outcome-unknown`.
 */
export async function patchNamespace(call: PatchCall): Promise<NamespaceWritten> {
  const { params, query, body, inventory, connection, audit } = call;
  const { name } = params;
  const { uid, resourceVersion } = body;
  const dryRun = query.dryRun === "true";
  Object.assign(audit, { kind: "Namespace", name, uid, resourceVersionBefore: resourceVersion, dryRun });

  const asked = families.filter(({ field }) => body[field] !== undefined);
  if (asked.length === 0)
    throw invalidFields([{ field: "", message: "names neither ipv4pools nor ipv6pools" }]);
  const fresh = await freshNamespace(inventory, connection, name);
  audit.from = pick(
    namespaceFields(fresh),
    asked.map(({ field }) => field),
  );
  if (fresh.uid !== uid || fresh.revision !== resourceVersion) {
    throw conflict(inventory, fresh, `The namespace ${name} has been changed since you looked at it.`);
  }
  const pools = await freshPools(inventory, connection);
  const judged = asked.flatMap(({ field, family }) =>
    (body[field] ?? []).map((entry, index) => ({
      ...judge(entry, family, pools),
      field: `${field}[${index}]`,
    })),
  );
  const errors: FieldError[] = [
    ...asked.flatMap(({ field }) => listErrors(field, body[field] ?? null)),
    ...judged.flatMap(({ field, error }) => (error ? [{ field, message: error }] : [])),
  ];
  if (errors.length > 0) throw invalidFields(errors);

  const annotations = Object.fromEntries(
    asked.map(({ field, annotation }) => [annotation, body[field] ? JSON.stringify(body[field]) : null]),
  );
  const patch = { metadata: { uid, resourceVersion, annotations } };
  const answer = await mergePatch(connection, { resource: namespaceResource, name }, patch, { dryRun }).catch(
    async (error: unknown) => {
      throw await writeFailed(call, error);
    },
  );
  const row = await readBack(call, answer, dryRun);
  const warnings = judged.flatMap(({ warning }) => warning ?? []);
  return { ...toNamespace(inventory, row), ...(warnings.length > 0 ? { warnings } : {}) };
}

/** What has been written, from a fresh read; the inventory has seen it too when this returns. */
async function readBack(
  { params, inventory, connection, audit }: PatchCall,
  answer: unknown,
  dryRun: boolean,
) {
  const answered = namespaceRow(answer as RawRecord);
  const read = dryRun
    ? answered
    : await freshNamespace(inventory, connection, params.name).catch(() => answered);
  if (!read) throw new ProblemError("upstream", "The API server's answer is no namespace.");
  if (dryRun) return read;
  audit.resourceVersionAfter = (answered ?? read).revision;
  audit.left = namespaceFields(answered ?? read);
  await caughtUp(() => inventory.namespaces.get("", params.name)?.revision ?? null, read.revision);
  return read;
}

/** Reads the namespace from the API server. Throws ProblemError 404 when there is none. */
export async function freshNamespace(
  inventory: Inventory,
  connection: ClusterConnection,
  name: string,
): Promise<NamespaceRow> {
  requireReady(inventory);
  const raw = await getObject(connection, { resource: namespaceResource, name }).catch((error: unknown) => {
    throw kubeProblem(error, attempt("get", name));
  });
  const row = namespaceRow(raw as RawRecord);
  if (!row) throw new ProblemError("upstream", "The API server's answer is no namespace.");
  return row;
}

function conflict(inventory: Inventory, row: NamespaceRow, detail: string): ProblemError {
  return new ProblemError("conflict", detail, { current: toNamespace(inventory, row) });
}

async function writeFailed({ params, inventory, connection }: PatchCall, error: unknown): Promise<unknown> {
  const { name } = params;
  const now = () => freshNamespace(inventory, connection, name).catch(() => null);
  if (isApiError(error) && error.status === 409) {
    const row = await now();
    const detail = `Somebody else changed the namespace ${name} at the same moment.`;
    return row ? conflict(inventory, row, detail) : new ProblemError("conflict", detail);
  }
  const problem = kubeProblem(error, attempt("patch", name));
  if (!(problem instanceof ProblemError) || problem.code !== "outcome-unknown") return problem;
  const row = await now();
  return row
    ? new ProblemError(problem.code, problem.message, { current: toNamespace(inventory, row) })
    : problem;
}

function listErrors(field: string, entries: readonly string[] | null): FieldError[] {
  if (entries === null) return [];
  if (entries.length === 0) return [{ field, message: "names no pool; null takes the annotation away" }];
  const repeated = entries.findIndex((entry, index) => entries.indexOf(entry) < index);
  return repeated < 0
    ? []
    : [{ field: `${field}[${repeated}]`, message: `${entries[repeated]} is named twice` }];
}

/**
 * An entry is the name of a pool, or its exact CIDR.
 * Source: projectcalico/calico@87c1590 cni-plugin/internal/pkg/utils/utils.go ResolvePools
 */
function judge(entry: string, family: Family, pools: readonly Pool[]): { error?: string; warning?: string } {
  const pool = pools.find(({ name, cidr }) => name === entry || formatCidr(cidr) === entry);
  if (!pool) return { error: `there is no pool ${entry}` };
  if (pool.cidr.family !== family) return { error: `${entry} is an IPv${pool.cidr.family} pool` };
  if (pool.disabled) return { warning: `${entry} is disabled: new pods get no address from it` };
  if (pool.deleting || pool.allocatable?.status === "False") {
    return {
      warning: `${entry} gives out no addresses now${pool.allocatable ? `: ${pool.allocatable.message}` : ""}`,
    };
  }
  if (!pool.allowedUses.includes("Workload")) return { warning: `${entry} is not for pods (allowedUses)` };
  return {};
}
