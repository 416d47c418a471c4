import type { WriteQuery } from "../../contract/common.ts";
import type { FieldError } from "../../contract/problem.ts";
import type { PoolChange, Pool as PoolView, PoolPatch } from "../../contract/pools.ts";
import { calicoResource } from "../../inventory/calico-resource.ts";
import type { Pool } from "../../ipam/pool.ts";
import { ApiError } from "../../kube/errors.ts";
import { mergePatch } from "../../kube/objects.ts";
import { get } from "../../kube/request.ts";
import { invalidFields, ProblemError } from "../problem.ts";
import { toPool } from "../read/pools.ts";
import { pick } from "../activity/kept.ts";
import { poolFields } from "../activity/pool-fields.ts";
import { poolBaseline } from "../activity/pool-watches.ts";
import type { Call } from "../respond.ts";
import {
  caughtUp,
  checkOwner,
  checkSeen,
  freshPool,
  poolAttempt,
  poolFrom,
  writeFailed,
} from "./fresh-pool.ts";
import { changeErrors } from "./pool-checks.ts";
import { refusedFields } from "./pool-refusal.ts";

type PatchCall = Call<{ name: string }, WriteQuery, PoolPatch>;

/**
 * Sets fields of a pool to what was asked for, on condition that it is still the version that the person saw. Answers with
 * the pool read back. Throws ProblemError: 404, 409 `conflict` (with what stands there now) and `managed`, 422 by field,
 * 504 `outcome-unknown`.
 */
export async function patchPool({
  params,
  query,
  body,
  inventory,
  connection,
  audit,
}: PatchCall): Promise<PoolView> {
  const { name } = params;
  const { uid, resourceVersion, overrideOwner, ...asked } = body;
  const dryRun = query.dryRun === "true";
  Object.assign(audit, { kind: "IPPool", name, uid, resourceVersionBefore: resourceVersion, dryRun });

  if (overrideOwner !== undefined) audit.override = overrideOwner;
  const fresh = await freshPool(inventory, connection, name);
  audit.from = pick(poolFields(fresh.pool), Object.keys(asked));
  checkSeen(inventory, fresh, body);
  checkOwner(fresh, overrideOwner);
  if (Object.keys(asked).length === 0)
    throw invalidFields([{ field: "", message: "names no field to change" }]);
  const errors = changeErrors(fresh.pool, asked, inventory);
  if (errors.length > 0) throw invalidFields(errors);

  const patch = { metadata: { uid, resourceVersion }, spec: asked };
  if (!dryRun) audit.baseline = poolBaseline(name, fresh.pool);
  const attempt = { ...poolAttempt(inventory, "patch", name), fields: bodyFields };
  const ref = { resource: calicoResource(inventory, "IPPool"), name };
  const answer = await mergePatch(connection, ref, patch, { dryRun }).catch(async (error: unknown) => {
    throw await writeFailed(error, inventory, connection, attempt, name);
  });
  if (isEmpty(answer)) throw await writeFailed(gaveUp, inventory, connection, attempt, name);
  const written = poolFrom(answer);
  if (dryRun) return toPool(inventory, written);
  audit.resourceVersionAfter = written.revision;
  audit.left = poolFields(written.pool);

  const after = await freshPool(inventory, connection, name).catch(() => written);
  if (after.uid !== uid || !shows(after.pool, asked)) {
    audit.outcome = "done";
    throw new ProblemError(
      "conflict",
      `The pool ${name} was written, and something else has changed it back since.`,
      {
        current: toPool(inventory, after),
        written: true,
      },
    );
  }
  await caughtUp(() => inventory.space.pools.get("", name)?.revision ?? null, after.revision);
  return toPool(inventory, after);
}

/** Paths into the body, which has the fields of `spec` at its top. */
function bodyFields(error: ApiError): FieldError[] {
  return refusedFields(error).map(({ field, message }) => ({ field: field.replace(/^spec\./, ""), message }));
}

/** Calico's API server answers so, and as a success, when it met five conflicts. Source: projectcalico/calico@87c1590 apiserver/pkg/storage/calico/resource.go */
function isEmpty(answer: unknown): boolean {
  return get(get(answer, "metadata"), "uid") === undefined;
}

const gaveUp = new ApiError({
  status: 409,
  reason: "Conflict",
  message: "Calico's API server met too many conflicts",
});

/** Does the stored pool say what was asked for? */
function shows(pool: Pool, asked: PoolChange): boolean {
  const stored: Readonly<Record<string, unknown>> = { ...pool };
  return Object.entries(asked).every(([field, value]) => {
    if (field === "namespaceSelector") return pool.namespaceSelector === (value ?? "");
    return JSON.stringify(stored[field]) === JSON.stringify(value);
  });
}
