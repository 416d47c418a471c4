import * as z from "zod/mini";
import { type ApiMode, typeOf } from "../../calico/dialect.ts";
import type { WriteQuery } from "../../contract/common.ts";
import type { ManifestDocument } from "../../contract/manifest.ts";
import {
  PoolDocument,
  PoolManifest,
  type PoolCreate,
  type PoolCreateResult,
  type PoolCreateResults,
} from "../../contract/pools.ts";
import type { FieldError } from "../../contract/problem.ts";
import { apiModeOf, calicoResource } from "../../inventory/calico-resource.ts";
import type { PoolRow } from "../../inventory/pool-row.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { Cidr } from "../../ipam/cidr.ts";
import { cidrWarnings } from "../../ipam/cidr-warnings.ts";
import { fillPoolSpec, type PoolDraft, readWrittenCidr } from "../../ipam/pool-draft.ts";
import { createObject } from "../../kube/objects.ts";
import type { AuditDocument } from "../activity/audit-subject.ts";
import { poolFields, poolViewFields } from "../activity/pool-fields.ts";
import { poolBaseline } from "../activity/pool-watches.ts";
import { parseValue } from "../input.ts";
import { invalidFields, ProblemError } from "../problem.ts";
import { toPool } from "../read/pools.ts";
import type { Call } from "../respond.ts";
import { caughtUp, freshPool, freshPools, poolAttempt, poolFrom, requireFresh } from "./fresh-pool.ts";
import { isApiError, kubeProblem } from "./kube-problem.ts";
import { readManifest } from "./manifest.ts";
import { creationErrors } from "./pool-checks.ts";
import type { ReadDocument } from "./document-head.ts";
import { documentEntry, eachDocument, refused, type Tried } from "./each-document.ts";
import { readPoolDocument } from "./pool-document.ts";

/** Any object: whether it is a manifest or a pool decides which fields it may have. */
export const PoolCreateBody = z.looseObject({});

type CreateCall = Call<Record<string, never>, WriteQuery, z.infer<typeof PoolCreateBody>>;
type Existing = { readonly name: string; readonly cidr: Cidr };

/**
 * Creates pools one document after the other, each checked against every rule and by a dry run of the API server before
 * it is written. With `dryRun` nothing is written. After a document that did not go through, the others are skipped, or with
 * `onError: "continue"` tried all the same. Throws ProblemError 400 or 422 only when no document could be read.
 */
export async function createPools(call: CreateCall): Promise<PoolCreateResults> {
  const { query, inventory, connection, audit } = call;
  const body: PoolCreate =
    "manifest" in call.body ? parseValue(call.body, PoolManifest) : parseValue(call.body, PoolDocument);
  const dryRun = query.dryRun === "true";
  const documents = "manifest" in body ? readManifest(body.manifest) : null;
  if (documents && !documents.some(({ isReadable }) => isReadable)) {
    throw invalidFields(documents.flatMap(({ errors }) => errors));
  }
  const drafts = documents?.map(toDraft) ?? [readPoolDocument({ ...body })];
  requireFresh(inventory);
  const existing: Existing[] = await freshPools(inventory, connection);
  const goesOn = "manifest" in body && body.onError === "continue";

  const entries: AuditDocument[] = [];
  Object.assign(audit, { kind: "IPPool", dryRun, documents: entries });
  const tried = await eachDocument(drafts, goesOn, async ({ draft, name, errors }) => {
    let made: PoolRow | null = null as PoolRow | null;
    const isWritten = draft !== null && !dryRun;
    const baseline = isWritten ? { baseline: poolBaseline(draft.name, null) } : {};
    const result: Outcome = draft
      ? await createOne(call, draft, existing, dryRun, (row) => (made = row))
      : refused(invalidFields(errors), call.requestId);
    const cidr = draft && readWrittenCidr(draft.spec.cidr ?? "")?.cidr;
    const isThere = result.outcome === "valid" || result.outcome === "created";
    if (isThere && draft && cidr) existing.push({ name: draft.name, cidr });
    const fields = made ? poolFields(made.pool) : result.pool && poolViewFields(result.pool);
    const to = fields ?? (draft ? { ...draft.spec } : {});
    const about = { kind: "IPPool", name, dryRun, to, ...(fields ? { left: fields } : {}), ...baseline };
    entries.push(documentEntry(result, about, made));
    return result;
  });
  const results = drafts.map(({ draft, name, warnings: left }, index): PoolCreateResult => {
    const warnings = [...left, ...(draft ? dangers(draft, inventory) : [])];
    return {
      index,
      name,
      ...(warnings.length > 0 ? { warnings } : {}),
      ...(tried[index] ?? { outcome: "skipped" }),
    };
  });
  return { results };
}

/** What Calico accepts about the network and will most likely break something. */
function dangers({ spec }: PoolDraft, inventory: Inventory): readonly string[] {
  const cidr = readWrittenCidr(spec.cidr ?? "")?.cidr;
  if (!cidr) return [];
  return cidrWarnings(cidr, inventory.states.knows("nodes") ? inventory.nodes.table : []);
}

function toDraft({ value, name, errors }: ManifestDocument): ReadDocument<PoolDraft> {
  return value ? readPoolDocument(value) : { draft: null, name, errors, warnings: [] };
}

type Outcome = Tried & Pick<PoolCreateResult, "pool">;

async function createOne(
  call: CreateCall,
  draft: PoolDraft,
  existing: readonly Existing[],
  dryRun: boolean,
  tell: (made: PoolRow) => void,
): Promise<Outcome> {
  const { inventory, connection } = call;
  const errors: FieldError[] = creationErrors(draft, existing, inventory);
  if (errors.length > 0) return refused(invalidFields(errors), call.requestId);
  const raw = toRaw(draft, apiModeOf(inventory));
  const resource = calicoResource(inventory, "IPPool");
  try {
    const tried = await createObject(connection, { resource }, raw, { dryRun: true });
    if (dryRun) return { outcome: "valid", pool: toPool(inventory, poolFrom(tried)) };
    const written = await createObject(connection, { resource }, raw);
    const made = poolFrom(written);
    tell(made);
    const row = await freshPool(inventory, connection, draft.name).catch(() => made);
    await caughtUp(() => inventory.space.pools.get("", draft.name)?.revision ?? null, row.revision);
    return { outcome: "created", pool: toPool(inventory, row) };
  } catch (error) {
    return notCreated(call, draft, error);
  }
}

/** The refusal of the API server; when no answer came, with what is there now. */
async function notCreated(call: CreateCall, { name }: PoolDraft, error: unknown): Promise<Outcome> {
  const { inventory, connection } = call;
  if (isApiError(error) && error.status === 409) {
    const problem = new ProblemError("already-exists", `There is a pool named ${name} already.`);
    return refused(problem, call.requestId);
  }
  const problem = kubeProblem(error, poolAttempt(inventory, "create", name));
  const outcome = refused(problem, call.requestId);
  if (outcome.outcome !== "unknown") return outcome;
  const row = await freshPool(inventory, connection, name).catch(() => null);
  return { ...outcome, ...(row ? { pool: toPool(inventory, row) } : {}) };
}

/** As Calico's client would store it; without its metadata annotation, which is for what labels and annotations cannot say. */
function toRaw({ name, labels, annotations, spec }: PoolDraft, mode: ApiMode) {
  return {
    ...typeOf(mode, "IPPool"),
    metadata: {
      name,
      ...(Object.keys(labels).length > 0 ? { labels } : {}),
      ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
    },
    spec: fillPoolSpec(spec),
  };
}
